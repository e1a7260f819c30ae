/** A report that cannot be read; the message completes the sentence "<file> cannot be read: ...". */
export class UnreadableReport extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnreadableReport";
  }
}

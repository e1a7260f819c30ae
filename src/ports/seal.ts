/** Keeps what is secret at rest: sealed text can lie in a database that others may read. */
export interface Seal {
  /** `place` names the row and is sealed with it: a value moved to another row does not open there. */
  seal(value: string, place: string): Promise<string>;
  /** Refuses with Unavailable what was sealed for another place, with another key, or changed. */
  open(sealed: string, place: string): Promise<string>;
}

/** What a failure has to tell that the head of the page does not say already: there stands why it is stuck, and what moves it on. */

interface Told {
  what: string;
  next: readonly string[];
  failure?: { reasons: readonly Reason[] } | undefined;
}

interface Reason {
  code: string;
  message: string;
}

/** What the head shows. */
interface Explained {
  command?: string | undefined;
  situations: readonly {
    kind: string;
    sentence: string;
    advice?: string | undefined;
    ways: readonly { command: string }[];
  }[];
}

export interface Unsaid {
  /** Absent where the head tells what happened. */
  what?: string;
  reasons: readonly Reason[];
  next: readonly string[];
}

export function unsaid({ what, next, failure }: Told, { command, situations }: Explained): Unsaid {
  const stuck = situations.some(({ kind }) => kind === "stopped");
  const ways = situations.flatMap((one) => [one.advice, ...one.ways.map((way) => way.command)]);
  const said = new Set([command, ...ways]);
  const isTold = ({ message }: Reason) => situations.some(({ sentence }) => sentence.includes(message));
  return {
    ...(!stuck && { what }),
    reasons: (failure?.reasons ?? []).filter((reason) => !isTold(reason)),
    next: next.filter((one) => !said.has(one)),
  };
}

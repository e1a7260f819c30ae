import { useState } from "react";
import { problemOf } from "../../../app/api/problem.ts";

export interface Replaced<Said> {
  /** What the form began with. */
  begun: Said;
  /** Of what a change replaces: of nothing that was not shown. */
  digest: string;
  /** It is something else than what the form began with, and that is shown. */
  isOther: boolean;
  /** For a change that was refused. */
  refused: (error: unknown) => void;
  /** What is left to be told of a refusal, once what it is by now is shown. */
  rest: (error: unknown) => unknown;
}

/** `now`: what it says at the moment. Once a change is refused for that, it is shown, and the next change replaces it. */
export function useReplaced<Said extends { digest: string }>(now: Said): Replaced<Said> {
  const [begun] = useState(now);
  const [isShown, setShown] = useState(false);
  const { digest } = isShown ? now : begun;
  const isOther = digest !== begun.digest;
  const isForThat = (error: unknown) => problemOf(error).code === "Conflict";
  return {
    ...{ begun, digest, isOther },
    refused: (error) => {
      if (isForThat(error)) setShown(true);
    },
    rest: (error) => (isOther && error !== null && isForThat(error) ? null : error),
  };
}

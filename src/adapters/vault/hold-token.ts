/** A token for a vault: got when it is needed, kept while it is good, and got once more where the vault takes it no longer. */
import type { Answer } from "./ask.ts";

export interface Token {
  value: string;
  /** From then on another one is got, as milliseconds of the epoch. */
  untilMs: number;
}

export type WithToken = (use: (token: string) => Promise<Answer>) => Promise<Answer>;

export function holdToken(obtain: () => Promise<Token>): WithToken {
  let held: Promise<Token> | undefined;
  async function token(): Promise<string> {
    const known = await held?.catch(() => undefined);
    if (known !== undefined && known.untilMs > Date.now()) return known.value;
    held = obtain();
    return (await held).value;
  }
  return async function withToken(use) {
    const answer = await use(await token());
    if (answer.status !== 401 && answer.status !== 403) return answer;
    held = undefined;
    return await use(await token());
  };
}

/** A little before it ends. */
export function goodFor(seconds: number): number {
  return Date.now() + Math.max(seconds * 0.9, 1) * 1_000;
}

/** What the reader can do about where a delivery stands: the command that resolves it, or who can and what is theirs meanwhile. */
import type { Explanation } from "../domain/delivery/situation.ts";
import type { Cli } from "./cli.ts";

export function describeWayOn(
  { colors: { bold, dim, yellow } }: Cli,
  { command, closed, meanwhile = [] }: Explanation,
): string[] {
  if (command !== undefined) return [`${bold("next:")} ${command}`];
  if (closed === undefined) return [];
  const said = [closed.why, closed.next].filter((one) => one !== undefined).join(" ");
  const own = meanwhile.length === 0 ? [] : [`${bold("meanwhile:")} ${meanwhile.join(` ${dim("·")} `)}`];
  return [`${yellow("not you:")} ${said}`, ...own];
}

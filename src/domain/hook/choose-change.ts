/** Which of the refs that a call tells of a hook delivers. */
import picomatch from "picomatch";
import { withoutCredentials } from "../delivery/source-address.ts";
import type { HookHandOver } from "./hook.ts";
import type { Change, ReadCall } from "./read-call.ts";

/** What was pushed or released and is to be delivered, or why nothing is. */
export function chooseChange(
  { url, ...wanted }: HookHandOver,
  { event, changes, repositories }: ReadCall,
): Change | { ignored: string } {
  if (changes.length === 0) return { ignored: `${event} tells of nothing that could be delivered` };
  if (!repositories.map(placeOf).includes(placeOf(url)))
    return {
      ignored: `it is about ${withoutCredentials(repositories[0] ?? "no repository")}, and not ${withoutCredentials(url)}`,
    };
  const chosen = changes.findLast(({ ref, how }) =>
    picomatch.isMatch(ref, patternsOf(wanted)[how], { noextglob: true, nonegate: true }),
  );
  return chosen ?? { ignored: changes.map((change) => notWanted(wanted, change)).join("; ") };
}

type Wanted = Pick<HookHandOver, "branches" | "tags" | "releases">;

function patternsOf({ branches, tags, releases = [] }: Wanted): Record<Change["how"], string[]> {
  const ofTags = (names: string[]) => names.map((one) => `refs/tags/${one}`);
  return {
    pushed: [...branches.map((one) => `refs/heads/${one}`), ...ofTags(tags)],
    released: ofTags(releases),
  };
}

function notWanted(wanted: Wanted, { ref, how }: Change): string {
  const patterns = patternsOf(wanted)[how];
  return patterns.length === 0
    ? `${ref} was ${how}: it delivers nothing that is`
    : `${ref} is none of ${patterns.join(", ")}`;
}

/** The same for every way to one repository: by https, by ssh, with a name or without. */
function placeOf(address: string): string {
  const scp = /^[^/:@]+@([^/:]+):(.+)$/.exec(address);
  const plain = scp === null ? withoutCredentials(address) : `ssh://${scp[1]}/${scp[2]}`;
  const [, authority = "", path = plain] = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)(.*)$/i.exec(plain) ?? [];
  const host = authority
    .replace(/^[^@]*@/, "")
    .replace(/:\d+$/, "")
    .toLowerCase();
  return `${host}${path.replace(/\/+$/, "").replace(/\.git$/, "")}`;
}

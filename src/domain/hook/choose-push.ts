/** Which of the pushes that a call tells of a hook delivers. */
import picomatch from "picomatch";
import { withoutCredentials } from "../delivery/source-address.ts";
import type { HookHandOver } from "./hook.ts";
import type { Push, ReadCall } from "./read-call.ts";

/** A push to deliver, or why there is none. */
export function choosePush(
  { url, branches, tags }: HookHandOver,
  { event, pushes, repositories }: ReadCall,
): Push | { ignored: string } {
  if (pushes.length === 0) return { ignored: `${event} pushes nothing that could be delivered` };
  if (!repositories.map(placeOf).includes(placeOf(url)))
    return {
      ignored: `it is about ${withoutCredentials(repositories[0] ?? "no repository")}, and not ${withoutCredentials(url)}`,
    };
  const wanted = [...branches.map((one) => `refs/heads/${one}`), ...tags.map((one) => `refs/tags/${one}`)];
  const chosen = pushes.findLast(({ ref }) =>
    picomatch.isMatch(ref, wanted, { noextglob: true, nonegate: true }),
  );
  if (chosen !== undefined) return chosen;
  return { ignored: `${pushes.map(({ ref }) => ref).join(", ")} is none of ${wanted.join(", ")}` };
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

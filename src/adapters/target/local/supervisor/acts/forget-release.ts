/** Lists a release no more, and removes what only it had outside of the supervisor's own folders. */
import type { Release } from "../release.ts";
import type { Supervisor } from "../supervisor.ts";

/** Forgotten last: whoever is killed before finds it again. */
export async function forgetRelease(supervisor: Supervisor, release: Release): Promise<void> {
  const { directory, runtime } = release.record;
  const others = supervisor.all().filter((other) => other !== release);
  if (!others.some(({ record }) => record.directory === directory))
    await supervisor.runtime(runtime).discard?.(directory);
  supervisor.forget(release);
}

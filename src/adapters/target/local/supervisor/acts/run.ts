/** Runs a one-off command of a release, or joins it, and tells what it prints. */
import type { CommandResult, Watch } from "../../../../../ports/target.ts";
import { readOutput } from "../../runtimes/read-output.ts";
import { isExitLine } from "../command-exit.ts";
import type { RunRequest } from "../protocol.ts";
import type { Supervisor } from "../supervisor.ts";

/** The command goes on, until its own timeout, when nobody waits for it any more. */
export async function run(supervisor: Supervisor, request: RunRequest, watch: Watch): Promise<CommandResult> {
  await supervisor.runtimes.require(request, watch.progress);
  const { folder, key, result } = supervisor.commands.run(request);
  const over = new AbortController();
  let told = 0;
  const tell = async (follow: boolean, signal: AbortSignal) => {
    let seen = 0;
    for await (const { line } of readOutput(folder, { tail: Number.MAX_SAFE_INTEGER, follow }, signal)) {
      seen += 1;
      if (seen <= told) continue;
      told = seen;
      if (!isExitLine(key, line)) watch.progress(line);
    }
  };
  const telling = tell(true, over.signal).catch(() => {});
  try {
    const done = await untilAborted(result, watch.signal);
    over.abort();
    await telling;
    // What it wrote since the last look.
    await tell(false, watch.signal);
    return done;
  } finally {
    over.abort();
  }
}

function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    result.then(resolve, reject);
  });
}

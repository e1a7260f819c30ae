/** A command that runs as an instance would, beside it, until it ends, its time is over, or nobody wants it any more. */
import type { Exit, Launch } from "../runtime.ts";
import { runMark } from "./find-instances.ts";
import { hostMeans } from "./host-means.ts";
import type { InstanceGroups } from "./instance-group.ts";
import { identify, markerVariable } from "./process-identity.ts";
import { ProcessTree } from "./process-tree.ts";
import { notFound, prepare } from "./start-process.ts";

let runs = 0;

/** Nothing of it is left when this resolves. */
export async function runToEnd(
  launch: Launch,
  {
    timeoutMs,
    signal,
    output,
    instanceGroups,
    beside,
  }: {
    timeoutMs: number;
    signal: AbortSignal;
    output: (chunk: Buffer) => void;
    instanceGroups: InstanceGroups;
    /** Leader of the instance, where it runs. */
    beside: number | undefined;
  },
): Promise<Exit & { timedOut: boolean }> {
  const refused = (words: string) => {
    output(Buffer.from(`${words}\n`));
    return { code: null, signal: null, because: words, timedOut: false };
  };
  if (signal.aborted) return refused("it was not started: nobody wanted it any more");
  runs += 1;
  const marker = `${launch.marker}${runMark}${process.pid}-${runs}`;
  const environment = { ...launch.environment, [markerVariable]: marker };
  const { start } = prepare({ ...launch, marker, environment }, await hostMeans(), beside);
  if (start === undefined) return refused(notFound(launch));
  const groups = instanceGroups.make(marker, launch.limits);
  const child = start(groups, ["ignore", "pipe", "pipe"]);
  if (child.pid === undefined) return refused("it cannot be started");
  const tree = new ProcessTree(identify(child.pid) ?? { pid: child.pid, startTime: "" }, {
    groups,
    limits: launch.limits,
    marker,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void tree.end(0);
  }, timeoutMs);
  const abort = () => void tree.end(0);
  signal.addEventListener("abort", abort, { once: true });
  child.stdout?.on("data", output);
  child.stderr?.on("data", output);
  return await new Promise((resolve) => {
    let exit: Promise<Exit> | undefined;
    child.once("exit", (code, name) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      exit = tree.ended({ code, signal: name });
    });
    // Comes when the last process that holds its output is gone, too.
    child.once("close", async () => resolve({ ...((await exit) ?? { code: null, signal: null }), timedOut }));
  });
}

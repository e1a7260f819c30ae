/** A command as an instance would run it: in the instance's own container where it runs, else in one of its own. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { runMark } from "../process/find-instances.ts";
import type { Exit, InstanceRuntime, Launch } from "../runtime.ts";
import { removeContainer, stateOf } from "./container-instance.ts";
import { guestOf } from "./container-user.ts";
import { createContainer } from "./create-container.ts";
import { containerName } from "./create-options.ts";
import type { Engine } from "./engine.ts";
import { provideImage } from "./image.ts";

type ExecOptions = Parameters<InstanceRuntime["exec"]>[1];

export async function execInContainer(
  engine: Engine,
  launch: Launch,
  options: ExecOptions,
): Promise<Exit & { timedOut: boolean }> {
  const name = containerName(launch);
  if ((await stateOf(engine, name))?.running === true)
    return await attached(engine, ["exec", name, ...launch.command], options, async () => {});
  const image = await provideImage(engine, launch);
  const command = createHash("sha256").update(launch.command.join("\0")).digest("hex").slice(0, 8);
  const own = containerName(launch, `-${command}`);
  const id = await createContainer(
    engine,
    image,
    { ...launch, marker: `${launch.marker}${runMark}` },
    { name: own, serves: false, guest: guestOf(engine, image, launch) },
  );
  const remove = () => removeContainer(engine, id);
  try {
    return await attached(engine, ["start", "--attach", id], options, remove);
  } finally {
    await remove();
  }
}

/** Ends with the command's own exit code, or when its time is over or nobody wants it any more. */
function attached(
  engine: Engine,
  args: string[],
  { timeoutMs, signal, output }: ExecOptions,
  stop: () => Promise<void>,
): Promise<Exit & { timedOut: boolean }> {
  const { promise, resolve } = Promise.withResolvers<Exit & { timedOut: boolean }>();
  const child = spawn(engine.name, args, { stdio: ["ignore", "pipe", "pipe"] });
  let timedOut = false;
  let ended = false;
  const end = async () => {
    ended = true;
    await stop();
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => {
    timedOut = true;
    void end();
  }, timeoutMs);
  const onAbort = () => void end();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  child.stdout.on("data", output);
  child.stderr.on("data", output);
  child.once("error", (error) => output(Buffer.from(`${engine.name} cannot be called: ${error.message}\n`)));
  child.once("close", (code, killedBy) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    resolve({ code: ended ? null : code, signal: killedBy ?? (ended ? "SIGKILL" : null), timedOut });
  });
  return promise;
}

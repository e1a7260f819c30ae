/** A command as an instance would run it, in a unit of its own that systemd forgets when it has ended. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { runMark } from "../process/find-instances.ts";
import type { Exit, InstanceRuntime, Launch } from "../runtime.ts";
import type { Manager } from "./manager.ts";
import { planUnit } from "./plan-unit.ts";
import { unitName, writePrivately } from "./start-unit.ts";
import { environmentText } from "./unit-file.ts";
import { signalUnit } from "./unit-instance.ts";

export async function execInUnit(
  manager: Manager,
  launch: Launch,
  { timeoutMs, signal, output }: Parameters<InstanceRuntime["exec"]>[1],
): Promise<Exit & { timedOut: boolean }> {
  const marker = `${launch.marker}${runMark}`;
  const unit = unitName(marker);
  const environmentFile = join(launch.folder, `${unit}.env`);
  const plan = planUnit(manager, launch, environmentFile);
  writePrivately(environmentFile, environmentText(plan.environment));
  const properties = plan.settings
    .filter(([name]) => name !== "StandardInput")
    .map(([name, value]) => `--property=${name}=${value}`);
  const child = spawn(
    "systemd-run",
    [
      ...[
        ...manager.options,
        "--quiet",
        "--wait",
        "--pipe",
        "--collect",
        `--unit=${unit}`,
        "--service-type=exec",
      ],
      ...properties,
      "--",
      // systemd puts variables in the place of dollars.
      ...plan.command.map((word) => word.replaceAll("$", "$$$$")),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let timedOut = false;
  let ended = false;
  const end = () => {
    ended = true;
    void signalUnit(manager, unit, "SIGKILL");
  };
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  child.stdout.on("data", output);
  child.stderr.on("data", output);
  child.once("error", (error) => output(Buffer.from(`systemd-run cannot be called: ${error.message}\n`)));
  const { promise, resolve } = Promise.withResolvers<Exit & { timedOut: boolean }>();
  child.once("close", (code) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    rmSync(environmentFile, { force: true });
    resolve({ code: ended ? null : code, signal: ended ? "SIGKILL" : null, timedOut });
  });
  return await promise;
}

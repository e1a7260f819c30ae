/** How long a service itself takes from its start to its first ready answer, with nothing of ours around it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../src/adapters/database/embedded/free-port.ts";
import { median } from "./statistics.ts";

export async function serviceStartMs(folder: string): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < 3; round += 1) samples.push(await startOnce(folder));
  return median(samples);
}

async function startOnce(folder: string): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ["src/main.js"], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: "ignore",
  });
  try {
    await ready(child, `http://127.0.0.1:${port}/health/ready`);
    return performance.now() - began;
  } finally {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    await pause(2);
  }
  throw new Error(`the service ended with ${child.exitCode}`);
}

/** A docker daemon of our own, where none runs: its data in a temporary folder, no rules of the host's firewall. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execute } from "../deployables/tools.ts";

const startsWithinMs = 30_000;

export type Daemon = { stop(): Promise<void> } | { missing: string };

/** Sets DOCKER_HOST for this process until it is stopped. */
export async function dockerDaemon(): Promise<Daemon> {
  if (await answers()) return { stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), "dockerd-"));
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(
    "dockerd",
    [
      ...[
        "--data-root",
        join(folder, "data"),
        "--exec-root",
        join(folder, "exec"),
        "--pidfile",
        join(folder, "pid"),
      ],
      ...[
        "--host",
        `unix://${folder}/docker.sock`,
        "--iptables=false",
        "--ip6tables=false",
        "--bip",
        "172.31.249.1/24",
      ],
    ],
    { stdio: ["ignore", log, log] },
  );
  closeSync(log);
  const failed = once(child, "error").then(([error]) => String(error));
  process.env.DOCKER_HOST = `unix://${folder}/docker.sock`;
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    delete process.env.DOCKER_HOST;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadlineMs = performance.now() + startsWithinMs;
  while (child.exitCode === null && child.pid !== undefined && performance.now() < deadlineMs) {
    if (await answers()) return { stop };
    await sleep(100);
  }
  const why =
    child.pid === undefined
      ? await failed
      : readFileSync(join(folder, "log"), "utf8").trim().split("\n").at(-1);
  await stop();
  return { missing: `docker's daemon does not run here, and cannot be started: ${why}` };
}

async function answers(): Promise<boolean> {
  return execute("docker", ["info", "--format", "{{.ServerVersion}}"]).then(
    ({ stdout }) => stdout.trim() !== "",
    () => false,
  );
}

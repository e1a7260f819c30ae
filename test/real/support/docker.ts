/**
 * One Docker daemon for all suites of a run, where none is there already: daemons beside each other share a bridge and
 * give its addresses away twice. Its data lie in a temporary folder, and it writes no rules of the host's firewall.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { execute } from "../deployables/tools.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Why there is no Docker; undefined where there is. */
    noDocker: string | undefined;
  }
}

const startsWithinMs = 30_000;

/** Why Docker cannot be used here; undefined where it can. */
export const noDocker = (): string | undefined => inject("noDocker");

/** Sets DOCKER_HOST for the run, until it ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (await answers()) {
    project.provide("noDocker", undefined);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), "dockerd-"));
  const socket = `unix://${folder}/docker.sock`;
  process.env.DOCKER_HOST = socket;
  const daemon = start(folder, socket);
  const missing = await whyNot(daemon, folder);
  project.provide("noDocker", missing);
  return () => stop(daemon, folder);
}

/** It ends with us, however we end. */
function start(folder: string, socket: string): ChildProcess {
  const log = openSync(join(folder, "log"), "a");
  const places = ["data-root", "exec-root", "pidfile"].flatMap((name) => [`--${name}`, join(folder, name)]);
  const network = ["--iptables=false", "--ip6tables=false", "--bip", "172.31.249.1/24"];
  const daemon = spawn(
    "setpriv",
    ["--pdeathsig", "TERM", "dockerd", ...places, "--host", socket, ...network],
    { stdio: ["ignore", log, log] },
  );
  closeSync(log);
  daemon.on("error", () => {});
  return daemon;
}

async function whyNot(daemon: ChildProcess, folder: string): Promise<string | undefined> {
  const deadlineMs = performance.now() + startsWithinMs;
  while (isRunning(daemon) && performance.now() < deadlineMs) {
    if (await answers()) return undefined;
    await sleep(100);
  }
  const said = readFileSync(join(folder, "log"), "utf8").trim().split("\n").at(-1);
  return `docker's daemon does not run here, and cannot be started: ${said}`;
}

async function stop(daemon: ChildProcess, folder: string): Promise<void> {
  if (isRunning(daemon)) {
    daemon.kill("SIGTERM");
    await once(daemon, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function answers(): Promise<boolean> {
  return execute("docker", ["info", "--format", "{{.ServerVersion}}"]).then(
    ({ stdout }) => stdout.trim() !== "",
    () => false,
  );
}

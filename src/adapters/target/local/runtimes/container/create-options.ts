/** The command line of an instance's container; no value of a variable is on it. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Launch } from "../runtime.ts";
import type { Guest } from "./container-user.ts";
import type { Engine } from "./engine.ts";
import type { Image } from "./image.ts";

export const markerLabel = "connectsoft.marker";

/** Where a release directory is in its container. */
const home = "/app";
export interface CreateOptions {
  name: string;
  guest: Guest;
  environmentFile: string;
  /** Names of variables that the engine finds in its own environment. */
  passed: string[];
  /** False: nothing is published, and what it prints is read while it runs. */
  serves: boolean;
}

/** Everything after `create` or `run`. */
export function createOptions(
  engine: Engine,
  image: Image,
  launch: Launch,
  options: CreateOptions,
): string[] {
  const [program = "", ...args] = launch.command;
  return [
    ...["--name", options.name, "--label", `${markerLabel}=${launch.marker}`, "--pull", "never"],
    ...engine.hostOptions,
    ...confinement(engine, options.guest),
    ...logging(engine, options.serves),
    ...limits(launch),
    ...["--env-file", options.environmentFile, ...options.passed.flatMap((name) => ["--env", name])],
    ...(options.serves && launch.port > 0
      ? ["--publish", `127.0.0.1:${launch.port}:${launch.containerPort ?? launch.port}`]
      : []),
    ...(engine.name === "podman" ? [] : ["--add-host", "host.containers.internal:host-gateway"]),
    ...(image.directory === undefined
      ? []
      : ["--mount", `type=bind,source=${image.directory},target=${home},readonly`, "--workdir", home]),
    ...options.guest.storage.flatMap((path) => ["--mount", `type=bind,source=${path},target=${path}`]),
    ...(options.guest.secrets === undefined
      ? []
      : ["--mount", `type=bind,source=${options.guest.secrets},target=${options.guest.secrets},readonly`]),
    ...["--entrypoint", programIn(image, program), image.reference, ...args],
  ];
}

/** `connectsoft-<module>-<of the marker>`: the same for the same instance, another for any other. */
export function containerName(launch: Pick<Launch, "moduleId" | "marker">, suffix = ""): string {
  const short = createHash("sha256").update(launch.marker).digest("hex").slice(0, 16);
  return `connectsoft-${launch.moduleId}-${short}${suffix}`;
}

/**
 * podman hands the container the log file itself, so that nobody stands in between; docker keeps what it prints.
 * What a one-off command prints is read while it runs, and kept nowhere.
 */
function logging(engine: Engine, serves: boolean): string[] {
  const proxies = engine.name === "podman" ? ["--http-proxy=false"] : [];
  if (!serves) return [...proxies, "--log-driver", "none"];
  if (engine.name === "podman") return [...proxies, "--log-driver", "passthrough"];
  return ["--log-driver", "json-file", "--log-opt", "max-size=10m"];
}

function confinement(engine: Engine, { user }: Guest): string[] {
  return [
    ...["--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,mode=1777"],
    ...["--cap-drop", "all", "--security-opt", "no-new-privileges", "--restart", "no"],
    ...(engine.hasInit ? ["--init"] : []),
    ...(user === undefined ? [] : ["--user", `${user}:${user}`]),
  ];
}

function limits({ limits: { processes, memoryBytes, cpus } }: Launch): string[] {
  return [
    ...(processes === undefined ? [] : ["--pids-limit", String(processes)]),
    // With swap together: otherwise a leak would only move to the disk.
    ...(memoryBytes === undefined ? [] : ["--memory", `${memoryBytes}b`, "--memory-swap", `${memoryBytes}b`]),
    ...(cpus === undefined ? [] : ["--cpus", String(cpus)]),
  ];
}

/** Programs of the release's own dependencies are not on the image's PATH. */
function programIn({ directory }: Image, program: string): string {
  if (directory === undefined || program.includes("/")) return program;
  const own = `node_modules/.bin/${program}`;
  return existsSync(join(directory, own)) ? `${home}/${own}` : program;
}

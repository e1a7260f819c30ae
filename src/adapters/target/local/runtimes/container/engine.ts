/** podman or docker: which of them runs containers on this host, and what it must be told so that it can. */
import { existsSync, readFileSync } from "node:fs";
import type { ContainerEngine } from "../../../../../domain/tenant/container-settings.ts";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";

export interface Engine {
  name: ContainerEngine;
  version: string;
  /** Options before every command. */
  globalOptions: string[];
  /** Options of every container that this host needs. */
  hostOptions: string[];
  /** Whether an init of the engine can stand before the service: it reaps, and passes SIGTERM on. */
  hasInit: boolean;
  rootless: boolean;
  /** `control groups v2`, or why limits do not hold. */
  limits: { enforced: boolean; words: string };
}

export const engineNames = ["podman", "docker"] as const satisfies readonly ContainerEngine[];

/** Bit of CAP_SYS_RESOURCE in `CapEff` (capabilities(7)): who has it may raise limits above his own. */
const sysResource = 1n << 24n;

const podmanInits = ["/usr/libexec/podman/catatonit", "/usr/lib/podman/catatonit", "/usr/bin/catatonit"];

/** The engine, or why it cannot run containers here, in one sentence. */
export async function inspectEngine(name: ContainerEngine): Promise<Engine | { unusable: string }> {
  try {
    return name === "podman" ? await inspectPodman() : await inspectDocker();
  } catch (error) {
    if (error instanceof ProgramFailure && error.missing) return { unusable: `${name} is not installed` };
    return { unusable: `${name} does not answer: ${inOneLine(error)}` };
  }
}

interface PodmanInfo {
  version: { Version: string };
  host: {
    cgroupVersion: string;
    cgroupControllers: string[] | null;
    ociRuntime: { name: string };
    security: { rootless: boolean };
  };
}

async function inspectPodman(): Promise<Engine | { unusable: string }> {
  const { host, version } = JSON.parse(
    await callProgram("podman", ["info", "--format", "json"]),
  ) as PodmanInfo;
  const isHybrid = host.cgroupVersion === "v1" && existsSync("/sys/fs/cgroup/unified/cgroup.procs");
  // crun refuses a host that mounts both versions of control groups; runc takes version 1 there.
  const needsRunc = isHybrid && host.ociRuntime.name === "crun";
  if (needsRunc && !isOnPath("runc"))
    return {
      unusable:
        "podman's crun cannot run with this host's two versions of control groups, and runc is not installed",
    };
  const { rootless } = host.security;
  const controllers = host.cgroupControllers ?? [];
  const enforced = controllers.includes("memory") && controllers.includes("pids");
  return {
    name: "podman",
    version: version.Version,
    globalOptions: needsRunc ? ["--runtime", "runc"] : [],
    hostOptions: rootless || mayRaiseLimits() ? [] : ownLimits(),
    hasInit: podmanInits.some((path) => existsSync(path)),
    rootless,
    limits: {
      enforced,
      words: enforced
        ? `podman, control groups ${host.cgroupVersion}`
        : "podman may use no control groups for memory and processes",
    },
  };
}

interface DockerInfo {
  ServerVersion?: string;
  ServerErrors?: string[];
  CgroupVersion?: string;
  InitBinary?: string;
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  SecurityOptions?: string[];
}

async function inspectDocker(): Promise<Engine | { unusable: string }> {
  const info = JSON.parse(await callProgram("docker", ["info", "--format", "{{json .}}"])) as DockerInfo;
  if (info.ServerVersion === undefined || info.ServerVersion === "")
    return { unusable: `docker's daemon does not answer: ${info.ServerErrors?.join("; ") ?? "no server"}` };
  const enforced = info.MemoryLimit === true && info.PidsLimit === true;
  return {
    name: "docker",
    version: info.ServerVersion,
    globalOptions: [],
    hostOptions: [],
    hasInit: info.InitBinary !== undefined && info.InitBinary !== "",
    rootless: info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false,
    limits: {
      enforced,
      words: enforced
        ? `docker, control groups v${info.CgroupVersion ?? "1"}`
        : "docker's daemon may use no control groups for memory and processes",
    },
  };
}

function mayRaiseLimits(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readOwn("status"))?.[1] ?? "0";
  return (BigInt(`0x${effective}`) & sysResource) !== 0n;
}

/** podman gives every container a million files and processes, which root without CAP_SYS_RESOURCE may not give. */
function ownLimits(): string[] {
  const files = /^Max open files\s+\d+\s+(\d+)/m.exec(readOwn("limits"))?.[1] ?? "1024";
  return ["--ulimit", `nofile=${files}:${files}`, "--ulimit", `nproc=${processes}:${processes}`];
}

/** Well below what kernels give a user; the bound that counts is `--pids-limit`. */
const processes = 20_000;

function readOwn(file: string): string {
  try {
    return readFileSync(`/proc/self/${file}`, "utf8");
  } catch {
    return "";
  }
}

function isOnPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders.some((folder) => existsSync(`${folder}/${program}`));
}

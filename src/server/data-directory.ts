/** The data directory of an installation: where it is, and what lies where in it. */
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { refuse } from "../domain/refusal.ts";

const directoryName = ".connectsoft";

/**
 * `--data`, else CONNECTSOFT_HOME, else the nearest `.connectsoft` from the working directory upwards, else
 * one to be made beside the nearest `.git`, else here.
 */
export function findDataDirectory(from: {
  flag?: string | undefined;
  cwd: string;
  env: NodeJS.ProcessEnv;
}): string {
  const named = from.flag ?? from.env.CONNECTSOFT_HOME;
  if (named !== undefined && named !== "") return path.resolve(from.cwd, named);
  const beside = ancestors(from.cwd).find((folder) => existsSync(path.join(folder, directoryName)));
  const project = beside ?? ancestors(from.cwd).find((folder) => existsSync(path.join(folder, ".git")));
  return path.join(project ?? from.cwd, directoryName);
}

function ancestors(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

export interface Places {
  repositories: string;
  artifacts: string;
  builds: string;
  target: string;
  storage: string;
  secretKey: string;
  /** Programs that tenants may name as gates; only the server's owner writes to it. */
  gates: string;
  /** What lets the server into tenants' vaults, in a folder for each tenant; only the server's owner writes to it. */
  vaults: string;
  checkpoints: string;
  logs: string;
  serverLog: string;
  serverRecord: string;
  token: string;
  hostName: string;
  tenantFile: string;
}

export function placesIn(dataDirectory: string): Places {
  const at = (...parts: string[]) => path.join(dataDirectory, ...parts);
  return {
    repositories: at("repositories"),
    artifacts: at("artifacts"),
    builds: at("builds"),
    target: at("target"),
    storage: at("storage"),
    secretKey: at("secret.key"),
    gates: at("gates"),
    vaults: at("vaults"),
    checkpoints: at("checkpoints"),
    logs: at("logs"),
    serverLog: at("logs", "server.log"),
    serverRecord: at("server.json"),
    token: at("token"),
    hostName: at("host"),
    tenantFile: at("tenant.yaml"),
  };
}

/** Makes it where it is not there; refuses with Unavailable where nothing can be written. */
export async function prepareDataDirectory(dataDirectory: string): Promise<void> {
  try {
    await makeDirectory(placesIn(dataDirectory).logs);
    // A folder that is delivered may hold this one: nothing in here is ever its source.
    await writeFile(path.join(dataDirectory, ".gitignore"), "*\n");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw refuse(
      "Unavailable",
      `The data directory ${dataDirectory} cannot be written: ${wordsFor(code)}.`,
      "Make it writable and free some space, or choose another: --data <folder> or CONNECTSOFT_HOME.",
    );
  }
}

/** One level after the other: Node's own `recursive` never ends on a file system that denies a folder as /proc does. */
async function makeDirectory(directory: string): Promise<void> {
  const parent = path.dirname(directory);
  if (!existsSync(parent) && parent !== directory) await makeDirectory(parent);
  await mkdir(directory).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" || !(await stat(directory)).isDirectory()) throw error;
  });
}

function wordsFor(code: string): string {
  const words: Record<string, string> = {
    EACCES: "this account may not (EACCES)",
    EPERM: "this account may not (EPERM)",
    EROFS: "the file system is read-only (EROFS)",
    ENOSPC: "the disk is full (ENOSPC)",
    ENOENT: "no folder can be made there (ENOENT)",
    ENOTDIR: "a file stands in its way (ENOTDIR)",
    EEXIST: "a file stands in its way (EEXIST)",
  };
  return words[code] ?? code;
}

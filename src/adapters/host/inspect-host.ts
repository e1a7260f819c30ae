/** What this machine must have, looked at one by one; for `doctor` to print. */
import { execFile } from "node:child_process";
import type { StatsFs } from "node:fs";
import { readdir, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import semver from "semver";
import type { HostCheck } from "./host-check.ts";
import { checkContainers } from "./inspect-containers.ts";
import { probeDirectory } from "./probe-directory.ts";

export type { HostCheck };

export interface HostToInspect {
  dataDirectory: string;
  /** Port that the server will listen on; 0 or absent where any will do. */
  port?: number;
  /** Checked where given; the embedded database otherwise needs nothing but the data directory. */
  databaseUrl?: string;
}

const run = promisify(execFile);
const gib = 1024 ** 3;
const wantedSpaceBytes = gib;
const timeoutMs = 5_000;

/** Looks at everything, changes nothing that stays, and never rejects: what cannot be looked at is a check that is not ok. */
export function inspectHost(host: HostToInspect): Promise<HostCheck[]> {
  const checks = [
    checkNode(),
    checkProgram("git", { range: ">=2.38", next: "Install git 2.38 or newer from your system's packages." }),
    checkProgram("npm", { range: ">=9", next: "Install npm: it comes with Node." }),
    checkDirectory(host.dataDirectory),
    checkSpace(host.dataDirectory),
    checkContainers(),
    countReleaseDirectories(host.dataDirectory),
  ];
  if (host.port) checks.push(checkPort(host.port));
  if (host.databaseUrl) checks.push(checkDatabase(host.databaseUrl));
  return Promise.all(checks);
}

async function checkNode(): Promise<HostCheck> {
  const check = { name: "node", found: process.versions.node, expected: ">=22.18" };
  if (semver.satisfies(process.versions.node, "^22.18 || >=23.6")) return { ...check, ok: true };
  return { ...check, ok: false, next: "Start it by npx connectsoft, which brings Node 24." };
}

async function checkProgram(name: string, want: { range: string; next: string }): Promise<HostCheck> {
  const check = { name, expected: want.range };
  try {
    const { stdout } = await run(name, ["--version"], { timeout: timeoutMs });
    const version = semver.coerce(stdout);
    const ok = version !== null && semver.satisfies(version, want.range);
    const found = version?.version ?? stdout.trim();
    return ok ? { ...check, ok, found } : { ...check, ok, found, next: want.next };
  } catch (error) {
    return {
      ...check,
      ok: false,
      found: codeOf(error) === "ENOENT" ? "missing" : words(error),
      next: want.next,
    };
  }
}

async function checkDirectory(directory: string): Promise<HostCheck> {
  const check = { name: "data directory", expected: "writable" };
  try {
    const found = await probeDirectory(directory);
    return { ...check, ok: true, found: `${directory} ${found}` };
  } catch (error) {
    const next = "Make it writable for this user, or choose another data directory.";
    return { ...check, ok: false, found: `${directory}: ${words(error)}`, next };
  }
}

/** What is kept to go back to, and second copies of it; a server removes what nobody needs. */
async function countReleaseDirectories(directory: string): Promise<HostCheck> {
  const folder = path.join(directory, "artifacts");
  const [kept, copies] = await Promise.all([countIn(folder), countIn(path.join(folder, "reserve"))]);
  const found = `${kept} kept${copies === 0 ? "" : `, ${copies} with a second copy`}`;
  return { name: "release directories", ok: true, found, expected: "those of keep.releases in tenant.yaml" };
}

async function countIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.startsWith("sha256-")).length;
}

async function checkSpace(directory: string): Promise<HostCheck> {
  const check = { name: "free disk space", expected: `at least ${wantedSpaceBytes / gib} GiB` };
  try {
    const disk = await statfsOfNearest(path.resolve(directory));
    const freeBytes = disk.bavail * disk.bsize;
    const found = `${(freeBytes / gib).toFixed(1)} GiB`;
    if (freeBytes >= wantedSpaceBytes) return { ...check, ok: true, found };
    return { ...check, ok: false, found, next: `Free some space on the disk of ${directory}.` };
  } catch (error) {
    return { ...check, ok: false, found: words(error), next: "Choose another data directory." };
  }
}

/** The directory may not be there yet: then it will be on its parent's disk. */
async function statfsOfNearest(directory: string): Promise<StatsFs> {
  try {
    return await statfs(directory);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || directory === path.dirname(directory)) throw error;
    return statfsOfNearest(path.dirname(directory));
  }
}

function checkPort(port: number): Promise<HostCheck> {
  const check = { name: "port", expected: `127.0.0.1:${port} free` };
  const { promise, resolve } = Promise.withResolvers<HostCheck>();
  const server = createServer();
  server.on("error", (error) => {
    const found = codeOf(error) === "EADDRINUSE" ? "in use" : words(error);
    resolve({ ...check, ok: false, found, next: "Stop what listens there, or choose another port." });
  });
  server.listen(port, "127.0.0.1", () => server.close(() => resolve({ ...check, ok: true, found: "free" })));
  return promise;
}

async function checkDatabase(url: string): Promise<HostCheck> {
  const check = { name: "database", expected: "PostgreSQL 14 or newer, reachable" };
  const next = "Check DATABASE_URL, and that the server runs and lets this host in.";
  try {
    const major = await askMajorVersion(url);
    const found = `PostgreSQL ${major}`;
    return major >= 14 ? { ...check, ok: true, found } : { ...check, ok: false, found, next };
  } catch (error) {
    return { ...check, ok: false, found: words(error), next };
  }
}

async function askMajorVersion(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version_num')::int as version");
    return Math.floor(rows[0].version / 10_000);
  } finally {
    await client.end().catch(() => {});
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** One line; several addresses of one host fail together, with the words inside. */
function words(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return words(error.errors[0]);
  const text = error instanceof Error ? error.message || String(codeOf(error)) : String(error);
  return text.split("\n")[0] ?? text;
}

/**
 * A real PostgreSQL below the data directory. The server outlives the process that started it, so a crash of
 * ours leaves an orphan that the next start adopts; PostgreSQL's own lock decides between two starters.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { type Cluster, openCluster } from "./cluster.ts";
import { replaceRecord } from "./cluster-record.ts";
import { cannotStart, explain, tooLate, wrongPassword } from "./failures.ts";
import { freePort, isPortFree } from "./free-port.ts";
import { clearForeignPidFile, findPostmaster, isServerOf, type Postmaster } from "./postmaster.ts";

const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;
const pollMs = 15;
const noticeableMs = 1_000;
const logLimitBytes = 16 * 1024 * 1024;

const defaultSettings: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "128MB",
  max_wal_size: "1GB",
  wal_compression: "on",
  jit: "off",
  fsync: "on",
  synchronous_commit: "on",
  tcp_keepalives_idle: "5",
  tcp_keepalives_interval: "1",
  tcp_keepalives_count: "3",
  client_connection_check_interval: "1s",
  timezone: "UTC",
  log_timezone: "UTC",
};

export interface EmbeddedPostgres {
  /** Connection string of the database `connectsoft`, with its password. */
  url: string;
  pid: number;
  /** True where the server was running already. */
  adopted: boolean;
  /** Fast shutdown: open transactions are rolled back, and the process is gone when this resolves. Repeating it does nothing. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDirectory: string;
  log: (line: string) => void;
  /** Server settings over the defaults; they hold for a server that this call starts, not for an adopted one. */
  settings?: Record<string, string>;
  /** Instead of /var/lib/connectsoft, for what root's server account must reach. */
  sharedDirectory?: string;
}

/**
 * Starts the server of a data directory, or adopts the one that runs, and waits (up to 60 s) until it has
 * recovered and answers. Any number of processes may call it at once. Refuses with `Unavailable`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startOrAdopt(options);
  } catch (error) {
    throw explain(error, options.dataDirectory);
  }
}

async function startOrAdopt(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options.dataDirectory, {
    log: options.log,
    sync: options.settings?.fsync !== "off",
    ...(options.sharedDirectory !== undefined && { sharedDirectory: options.sharedDirectory }),
  });
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const running = await findPostmaster(cluster.data);
    const outcome = running
      ? await adopt(cluster, running, { ...options, deadline })
      : await launch(cluster, { ...options, deadline });
    if (outcome !== "again") return outcome;
    if (Date.now() > deadline) throw tooLate(cluster.data, startTimeoutMs, logOf(cluster));
    await pause(pollMs * 3);
  }
}

interface StartOptions extends EmbeddedPostgresOptions {
  deadline: number;
}

async function adopt(cluster: Cluster, running: Postmaster, options: StartOptions) {
  const alive = () => isServerOf(running.pid, cluster.data);
  if (!(await waitUntilReady(cluster, running.port, { ...options, alive }))) return "again";
  return describe(cluster, running, true);
}

async function launch(cluster: Cluster, options: StartOptions): Promise<EmbeddedPostgres | "again"> {
  await clearForeignPidFile(cluster.data);
  if (!(await isPortFree(cluster.record.port))) await changePort(cluster);
  const port = cluster.record.port;
  const logFile = logOf(cluster);
  const { log, offset } = openLog(logFile);
  const settings = Object.entries({ ...defaultSettings, ...options.settings });
  const args = [
    "-D",
    cluster.data,
    "-p",
    String(port),
    ...settings.flatMap(([key, value]) => ["-c", `${key}=${value}`]),
  ];
  const server = spawn(path.join(cluster.binaries, "bin/postgres"), args, {
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    detached: true,
    stdio: ["ignore", log, log],
    ...(cluster.account && { uid: cluster.account.uid, gid: cluster.account.gid }),
  });
  closeSync(log);
  server.unref();
  let failure: string | undefined;
  server.on("error", (error) => {
    failure = error.message;
  });
  const alive = () => failure === undefined && server.exitCode === null && server.signalCode === null;
  if (await waitUntilReady(cluster, port, { ...options, alive })) {
    return describe(cluster, { pid: server.pid ?? 0, port }, false);
  }
  const output = failure ?? readFileSync(logFile).subarray(offset).toString();
  // Another starter was faster, or processes of a killed server have not left yet.
  if (/lock file "postmaster.pid"|pre-existing shared memory block/.test(output)) return "again";
  if (/could not bind|could not create any TCP\/IP sockets/.test(output)) {
    await changePort(cluster);
    return "again";
  }
  throw await cannotStart(cluster.data, output, logFile);
}

async function changePort(cluster: Cluster): Promise<void> {
  cluster.record = { ...cluster.record, port: await freePort() };
  await replaceRecord(cluster.dataDirectory, cluster.record);
}

/** False where the server ended before it answered. */
async function waitUntilReady(
  cluster: Cluster,
  port: number,
  options: { deadline: number; log: (line: string) => void; alive: () => boolean },
): Promise<boolean> {
  const began = Date.now();
  let told = false;
  while (options.alive()) {
    const answer = await tryConnect(cluster, port);
    if (answer === "ready") return true;
    if (answer === "recovering" && !told && Date.now() - began > noticeableMs) {
      options.log("the database is recovering; waiting for it");
      told = true;
    }
    if (Date.now() > options.deadline) throw tooLate(cluster.data, startTimeoutMs, logOf(cluster));
    await pause(pollMs);
  }
  return false;
}

/** Also makes the database `connectsoft`, which a kill between the first start and this line would leave out. */
async function tryConnect(cluster: Cluster, port: number): Promise<"ready" | "recovering" | "absent"> {
  const client = new pg.Client({
    connectionString: url(cluster, port, "postgres"),
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      "select current_setting('data_directory') as data, exists(select from pg_database where datname = 'connectsoft') as made",
    );
    if (rows[0].data !== cluster.data) return "absent";
    if (!rows[0].made) await client.query("create database connectsoft").catch(ignoreDuplicate);
    return "ready";
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) return "absent";
    if (error.code === "28P01") throw wrongPassword(cluster.data);
    return error.code === "57P03" ? "recovering" : "absent";
  } finally {
    await client.end().catch(() => {});
  }
}

function describe(cluster: Cluster, postmaster: Postmaster, adopted: boolean): EmbeddedPostgres {
  return {
    url: url(cluster, postmaster.port, "connectsoft"),
    pid: postmaster.pid,
    adopted,
    stop: () => stop(cluster, postmaster.pid),
  };
}

async function stop(cluster: Cluster, pid: number): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs;
  let signal: NodeJS.Signals | undefined = "SIGINT";
  while (isServerOf(pid, cluster.data)) {
    if (signal !== undefined) kill(pid, signal);
    signal = Date.now() > deadline ? "SIGQUIT" : undefined;
    await pause(pollMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function url(cluster: Cluster, port: number, database: string): string {
  return `postgres://connectsoft:${cluster.record.password}@127.0.0.1:${port}/${database}`;
}

function logOf(cluster: Cluster): string {
  return path.join(cluster.dataDirectory, "postgres.log");
}

function openLog(file: string): { log: number; offset: number } {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= logLimitBytes) return { log: openSync(file, "a", 0o600), offset: size };
  renameSync(file, `${file}.1`);
  return { log: openSync(file, "a", 0o600), offset: 0 };
}

function ignoreDuplicate(error: unknown): void {
  // 42P04 and 23505: another caller made it in the same moment; 55006: it is making it.
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "42P04" && code !== "23505" && code !== "55006") throw error;
}

/** A cluster: PostgreSQL's data folder, the programs that run it and the account that owns it. */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { access, chown, mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { prepareBinaries } from "./binaries.ts";
import { type ClusterRecord, createRecord, readRecord, recordPath, replaceRecord } from "./cluster-record.ts";
import { draftOf, sweepDrafts } from "./drafts.ts";
import { cannotCreate } from "./failures.ts";
import { freePort } from "./free-port.ts";
import { isTraversable } from "./reachable.ts";
import { chooseServerAccount, type ServerAccount } from "./server-account.ts";

/** Where root keeps what the server's account must reach when the data directory is closed to it. */
const sharedDirectories = ["/var/lib/connectsoft", "/opt/connectsoft", "/srv/connectsoft"];

export interface Cluster {
  dataDirectory: string;
  /** Absolute path of PostgreSQL's data folder. */
  data: string;
  binaries: string;
  account: ServerAccount | undefined;
  record: ClusterRecord;
}

/** Finds the cluster of a data directory, or makes one. Safe to be called by several processes at once and after a crash at any line. */
export async function openCluster(
  dataDirectory: string,
  options: { sharedDirectory?: string; sync: boolean; log: (line: string) => void },
): Promise<Cluster> {
  await mkdir(dataDirectory, { recursive: true });
  const home = await realpath(dataDirectory);
  const known = await readRecord(home);
  if (known !== undefined) await checkRecord(home, known);
  const account = chooseServerAccount(known && path.resolve(home, known.cluster));
  const shared = account === undefined || (await isTraversable(home)) ? undefined : await openShared(options);
  const record = known ?? (await createRecord(home, await propose(home, shared)));
  const data = path.resolve(home, record.cluster);
  if (shared !== undefined && data.startsWith(`${home}${path.sep}`)) {
    throw refuse(
      "Unavailable",
      `${home} is closed to the account ${account?.name}, which owns the database in it`,
      `Let it pass: chmod o+x ${home} and the folders above it.`,
    );
  }
  const binaries = await prepareBinaries(account, shared ?? (account ? await openShared(options) : home));
  const cluster = { dataDirectory: home, data, binaries, account, record };
  await sweepDrafts(data);
  if (!(await exists(data))) await initialise(cluster, options);
  return cluster;
}

async function propose(home: string, shared: string | undefined): Promise<ClusterRecord> {
  if (await exists(path.join(home, "postgres"))) {
    throw refuse(
      "Unavailable",
      `${recordPath(home)} is missing, and with it the password of the database beside it`,
      "Restore it from a backup, or move the folder postgres away to begin with an empty database.",
    );
  }
  const name = createHash("sha256").update(home).digest("hex").slice(0, 12);
  return {
    dataDirectory: home,
    cluster: shared === undefined ? "postgres" : path.join(shared, `data-${name}`),
    password: randomBytes(24).toString("base64url"),
    port: await freePort(),
  };
}

/** A record outside of its folder may have come with a move (follow it) or with a copy (two folders, one database: refuse). */
async function checkRecord(home: string, record: ClusterRecord): Promise<void> {
  if (record.dataDirectory === home) return;
  const elsewhere = path.isAbsolute(record.cluster);
  const original = elsewhere ? await readRecord(record.dataDirectory).catch(() => undefined) : undefined;
  if (original?.cluster === record.cluster) {
    throw refuse(
      "Unavailable",
      `${home} is a copy of ${record.dataDirectory}, whose database lies in ${record.cluster}`,
      `Use the original, or remove ${recordPath(home)} to begin with an empty database.`,
    );
  }
  await replaceRecord(home, { ...record, dataDirectory: home });
}

async function openShared(options: { sharedDirectory?: string }): Promise<string> {
  const places = options.sharedDirectory === undefined ? sharedDirectories : [options.sharedDirectory];
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true, mode: 0o755 });
      await access(place, 2);
      if (await isTraversable(place)) return place;
    } catch {
      // The next place may do.
    }
  }
  throw refuse(
    "Unavailable",
    `none of ${places.join(", ")} can be written and reached by PostgreSQL's account`,
    "Run as an ordinary user, or set DATABASE_URL.",
  );
}

/** Made aside and renamed, so that a folder at the cluster's path is always a whole cluster. */
async function initialise(cluster: Cluster, options: { sync: boolean; log: (line: string) => void }) {
  options.log("creating the database (first start)");
  const draft = draftOf(cluster.data);
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, cluster.record.password, { mode: 0o600 });
    if (cluster.account !== undefined) {
      await chown(draft, cluster.account.uid, cluster.account.gid);
      await chown(passwordFile, cluster.account.uid, cluster.account.gid);
    }
    const args = ["-D", draft, "-U", "connectsoft", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    args.push("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    await runInitdb(cluster, options.sync ? args : [...args, "--no-sync"]);
    await rm(passwordFile);
    await rename(draft, cluster.data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    if (!(await exists(cluster.data))) throw error;
  }
}

function runInitdb(cluster: Cluster, args: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const initdb = spawn(path.join(cluster.binaries, "bin/initdb"), args, {
    cwd: "/",
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cluster.account && { uid: cluster.account.uid, gid: cluster.account.gid }),
  });
  let output = "";
  initdb.stdout.on("data", (chunk) => (output += chunk));
  initdb.stderr.on("data", (chunk) => (output += chunk));
  initdb.on("error", (error) => reject(cannotCreate(cluster.data, error.message)));
  initdb.on("close", (code) => (code === 0 ? resolve() : reject(cannotCreate(cluster.data, output))));
  return promise;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

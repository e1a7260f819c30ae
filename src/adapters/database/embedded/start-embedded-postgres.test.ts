import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";

const asRoot = process.getuid?.() === 0;

describe("startEmbeddedPostgres", () => {
  let home: string;
  let dataDirectory: string;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), "embedded-"));
    await chmod(home, 0o711);
    dataDirectory = path.join(home, "data");
  });

  afterEach(async () => {
    if (await exists(path.join(dataDirectory, "embedded-postgres.json"))) {
      await start().then(
        (server) => server.stop(),
        () => {},
      );
    }
    await rm(home, { recursive: true, force: true });
  });

  function start(options: { dataDirectory?: string } = {}): Promise<EmbeddedPostgres> {
    const sharedDirectory = path.join(home, "shared");
    return startEmbeddedPostgres({ dataDirectory, sharedDirectory, log: () => {}, ...options });
  }

  test("creates a durable database on 127.0.0.1 at the first start, its password readable by the owner only", async () => {
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
    expect(
      await query(server.url, "select current_setting('fsync') as fsync, current_database() as name"),
    ).toEqual([{ fsync: "on", name: "connectsoft" }]);
    const { mode } = await stat(path.join(dataDirectory, "embedded-postgres.json"));
    expect(mode & 0o077).toBe(0);
    const stranger = new URL(server.url);
    stranger.password = "guess";
    await expect(query(stranger.href, "select 1")).rejects.toThrow("password authentication failed");
  });

  test("keeps data and address over a restart", async () => {
    const first = await start();
    await query(first.url, "create table fact as select 'kept' as value");
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select value from fact")).toEqual([{ value: "kept" }]);
  });

  test("leaves no process when it stops, and stopping again does nothing", async () => {
    const server = await start();
    await server.stop();
    await expect(query(server.url, "select 1")).rejects.toThrow("ECONNREFUSED");
    expect(await exists(path.join(dataDirectory, "postgres", "postmaster.pid"))).toBe(false);
    await server.stop();
  });

  test("adopts the server that a killed process left running", async () => {
    const child = startInChild(dataDirectory, "stay");
    const left = await child.line;
    child.process.kill("SIGKILL");
    await once(child.process, "close");
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(server).toMatchObject({ pid: left.pid, url: left.url });
  });

  test("lets several processes start it at once: one server, the same address for all", async () => {
    const children = [1, 2, 3].map(() => startInChild(dataDirectory, "leave"));
    const lines = await Promise.all(children.map((child) => child.line));
    expect(new Set(lines.map((line) => line.pid)).size).toBe(1);
    expect(new Set(lines.map((line) => line.url)).size).toBe(1);
    expect(lines.filter((line) => !line.adopted)).toHaveLength(1);
    expect(await query(lines[0]?.url ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("recovers what was acknowledged when the server itself was killed", async () => {
    const server = await start();
    await query(server.url, "create table fact as select 'kept' as value");
    process.kill(server.pid, "SIGKILL");
    const again = await start();
    expect(again.adopted).toBe(false);
    expect(await query(again.url, "select value from fact")).toEqual([{ value: "kept" }]);
  });

  test("starts where the pid file of a dead server names a stranger", async () => {
    const server = await start();
    process.kill(server.pid, "SIGKILL");
    const pidFile = path.join(dataDirectory, "postgres", "postmaster.pid");
    const [, ...rest] = (await readFile(pidFile, "utf8")).split("\n");
    await writeFile(pidFile, [process.pid, ...rest].join("\n"));
    const again = await start();
    expect(await query(again.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("takes another port when its own is in use, and keeps that", async () => {
    const first = await start();
    await first.stop();
    const stranger = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
    await once(stranger, "listening");
    const second = await start();
    expect(second.url).not.toBe(first.url);
    await second.stop();
    stranger.close();
    expect((await start()).url).toBe(second.url);
  });

  test("follows a data directory that was moved", async () => {
    const first = await start();
    await query(first.url, "create table fact as select 'kept' as value");
    await first.stop();
    const moved = path.join(home, "moved");
    await cp(dataDirectory, moved, { recursive: true, preserveTimestamps: true });
    await chown(path.join(dataDirectory, "postgres"), path.join(moved, "postgres"));
    await rm(dataDirectory, { recursive: true });
    dataDirectory = moved;
    const second = await start();
    expect(await query(second.url, "select value from fact")).toEqual([{ value: "kept" }]);
  });

  test("refuses a damaged cluster with the place to look at", async () => {
    const server = await start();
    await server.stop();
    await truncate(path.join(dataDirectory, "postgres", "global", "pg_control"), 16);
    await expect(start()).rejects.toMatchObject({
      refusal: {
        code: "Unavailable",
        message: expect.stringContaining("pg_control"),
        next: expect.stringContaining("postgres.log"),
      },
    });
  });

  test("refuses a data directory that cannot be made", async () => {
    const file = path.join(home, "file");
    await writeFile(file, "");
    await expect(start({ dataDirectory: path.join(file, "data") })).rejects.toMatchObject({
      refusal: { code: "Unavailable", message: expect.stringContaining("cannot be used") },
    });
  });

  test("refuses a cluster whose password is lost, and does not begin another beside it", async () => {
    const server = await start();
    await server.stop();
    await rm(path.join(dataDirectory, "embedded-postgres.json"));
    await expect(start()).rejects.toMatchObject({ refusal: { code: "Unavailable" } });
  });

  describe.runIf(asRoot)("as root, in a home that is closed to the server's account", () => {
    beforeEach(async () => {
      const closed = path.join(home, "closed");
      await mkdir(closed, { mode: 0o700 });
      dataDirectory = path.join(closed, "data");
    });

    test("keeps the cluster where the account can reach it, and finds it again", async () => {
      const first = await start();
      await query(first.url, "create table fact as select 'kept' as value");
      await first.stop();
      expect(await exists(path.join(dataDirectory, "postgres"))).toBe(false);
      const second = await start();
      expect(await query(second.url, "select value from fact")).toEqual([{ value: "kept" }]);
    });

    test("refuses a copy of the data directory, because both would be one database", async () => {
      await start();
      const copy = path.join(home, "closed", "copy");
      await cp(dataDirectory, copy, { recursive: true });
      await expect(start({ dataDirectory: copy })).rejects.toMatchObject({
        refusal: { code: "Unavailable", message: expect.stringContaining("is a copy of") },
      });
    });
  });
});

interface Started {
  pid: number;
  url: string;
  adopted: boolean;
}

/** `stay` keeps the process alive until it is killed; `leave` lets it end and leave the server behind. */
function startInChild(dataDirectory: string, then: "stay" | "leave") {
  const source = `
    import { startEmbeddedPostgres } from ${JSON.stringify(path.join(import.meta.dirname, "start-embedded-postgres.ts"))};
    const { pid, url, adopted } = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)}, log: () => {} });
    console.log(JSON.stringify({ pid, url, adopted }));
    ${then === "stay" ? "setInterval(() => {}, 1000);" : ""}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Started>();
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    if (output.includes("\n")) resolve(JSON.parse(output));
  });
  child.on("close", (code) => reject(new Error(`the starter ended with ${code}`)));
  return { process: child, line: promise };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

async function chown(like: string, tree: string): Promise<void> {
  const { uid, gid } = await stat(like);
  if (uid === process.getuid?.()) return;
  const child = spawn("chown", ["-R", `${uid}:${gid}`, tree]);
  await once(child, "close");
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type HostToInspect, inspectHost } from "./inspect-host.ts";

describe("inspectHost", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "host-"));
  });

  afterEach(() => rm(directory, { recursive: true }));

  async function inspect(name: string, host: Partial<HostToInspect> = {}) {
    const checks = await inspectHost({ dataDirectory: path.join(directory, "data"), ...host });
    return checks.find((check) => check.name === name);
  }

  test("finds the programs of this machine by version", async () => {
    expect(await inspect("git")).toMatchObject({ ok: true, found: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(await inspect("node")).toMatchObject({ ok: true, found: process.versions.node });
  });

  test("says how to get a program that is missing", async () => {
    const before = process.env.PATH;
    process.env.PATH = directory;
    try {
      expect(await inspect("git")).toMatchObject({
        ok: false,
        found: "missing",
        next: expect.stringContaining("2.38"),
      });
    } finally {
      process.env.PATH = before;
    }
  });

  test("leaves nothing in the data directory, nor creates it", async () => {
    expect(await inspect("data directory")).toMatchObject({
      ok: true,
      found: expect.stringContaining("can be created"),
    });
    expect(await inspect("data directory", { dataDirectory: directory })).toMatchObject({ ok: true });
    expect(await readdir(directory)).toEqual([]);
  });

  test("refuses a data directory below a file", async () => {
    const file = path.join(directory, "file");
    await writeFile(file, "");
    const check = await inspect("data directory", { dataDirectory: path.join(file, "data") });
    expect(check).toMatchObject({ ok: false, next: expect.stringContaining("another data directory") });
  });

  test("tells a free port from one in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await inspect("port", { port })).toMatchObject({ ok: false, found: "in use" });
    server.close();
    await once(server, "close");
    expect(await inspect("port", { port })).toMatchObject({ ok: true });
  });

  test("reaches a database, and says why where it cannot, without its password", async () => {
    const url = new URL(inject("databaseUrl"));
    expect(await inspect("database", { databaseUrl: url.href })).toMatchObject({
      ok: true,
      found: "PostgreSQL 18",
    });
    url.password = "guessed-password";
    const check = await inspect("database", { databaseUrl: url.href });
    expect(check).toMatchObject({ ok: false, found: expect.stringContaining("authentication failed") });
    expect(JSON.stringify(check)).not.toContain("guessed-password");
    expect(await inspect("database", { databaseUrl: "postgres://here:port" })).toMatchObject({ ok: false });
  });
});

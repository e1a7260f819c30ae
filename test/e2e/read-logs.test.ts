import picocolors from "picocolors";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type LocalTargetFixture,
  localTargetFixture,
} from "../../src/adapters/target/local/local-target-fixture.ts";
import type { Cli } from "../../src/cli/cli.ts";
import { runProgram } from "../../src/cli/program.ts";
import { listen } from "../../src/http/listen.ts";
import { readLogs } from "../../src/operations/read-logs.ts";
import type { System } from "../../src/operations/system.ts";
import type { RecordedSpec } from "../../src/ports/release-ledger.ts";
import { quickProbes } from "../../src/ports/target.conformance.ts";
import type { LogLine } from "../../src/ports/target.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const place = { tenantId: "vetclinic-001", environment: "staging", moduleId: "booking-service" };
const asked = { environment: "staging", moduleId: "booking-service", tail: 100 };
const service = `console.log("token", process.env.TOKEN);
console.log("\\u001b[31mred\\u001b[0m \\u001b[2Jcleared\\u0007");
require("node:http").createServer((request, response) => { response.end("ok"); })
  .listen(process.env.PORT, "127.0.0.1");`;

let stage: TestSystem;
let host: LocalTargetFixture;
let system: System;
beforeAll(async () => {
  stage = await createTestSystem();
  host = await localTargetFixture();
  system = { ...stage.system, targets: { ...stage.system.targets, process: host.target } };
});
afterAll(async () => {
  await host.dispose();
  await stage.close();
});

const namespace = "vetclinic-001-staging";
const watch = { signal: new AbortController().signal, progress() {} };

test("a module that was never deployed there is refused, and one that does not run says what it was", async () => {
  await expect(read()).rejects.toThrow(/booking-service was never deployed to staging/);
  await record("release-000001", "RolledBack");
  await expect(read()).rejects.toThrow(
    /does not run in staging; its last release release-000001 \(1\.0\.0\) ended as RolledBack/,
  );
  await expect(read({ releaseId: "release-000009" })).rejects.toThrow(/newest are release-000001/);
});

test("what it wrote is read without the values of the secrets that it was given, also over HTTP and live", async () => {
  await system.settings.setSecret(place, "TOKEN", "tok-123456");
  await start("release-000002");
  await system.settings.setSecret(place, "TOKEN", "tok-another");
  await record("release-000002", "Deployed");
  await expect.poll(async () => (await read()).map(({ line }) => line)).toContain("token [redacted]");
  expect(JSON.stringify(await read())).not.toContain("tok-123456");
  expect((await read())[0]).toMatchObject({ releaseId: "release-000002", instance: 0 });
  expect(await (await request()).json()).toEqual(await read());

  const ended = new AbortController();
  const { body } = await request({ accept: "text/event-stream" }, ended.signal);
  let text = "";
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("token [redacted]")) break;
  }
  ended.abort();
  expect(text).toContain("event: line");
  expect(text).not.toContain("tok-123456");
});

test("on the command line releases that share the traffic are told apart, and nothing speaks to the terminal", async () => {
  await start("release-000003");
  await record("release-000003", "Deployed");
  const shares = ["release-000002", "release-000003"].map((releaseId) => ({ releaseId, weight: 50 }));
  await host.target.route({ namespace, moduleId: place.moduleId }, shares);
  await expect.poll(async () => (await read()).length).toBe(4);
  const { lines, code } = await connectsoft("logs", "booking-service", "--env", "staging");
  expect(code).toBe(0);
  const written = ["token [redacted]", "\u001b[31mred\u001b[0m [2Jcleared"];
  const expected = shares.flatMap(({ releaseId }) => written.map((line) => `${releaseId}#0 ${line}`));
  expect(lines.sort()).toEqual(expected.sort());
  const { errors } = await connectsoft("logs", "no-such-module");
  expect(errors.join(" ")).toContain("There is no delivery of no-such-module.");
});

test("following ends when it is interrupted", async () => {
  const following = connectsoft("logs", "booking-service", "--env", "staging", "--follow", "--json");
  await expect.poll(() => said.length).toBe(4);
  expect(JSON.parse(said[0] ?? "")).toMatchObject({ releaseId: expect.any(String), instance: 0 });
  process.emit("SIGINT");
  expect((await following).code).toBe(130);
});

/** What the command that runs has printed so far. */
let said: string[] = [];

async function connectsoft(...args: string[]): Promise<{ lines: string[]; errors: string[]; code: number }> {
  said = [];
  const errors: string[] = [];
  const server = await listen(appOf(system), 0);
  const env = { CONNECTSOFT_URL: server.url, CONNECTSOFT_TOKEN: await token() };
  const print = (line: string) => void said.push(line);
  const told = (line: string) => void errors.push(line);
  const cli = {
    env,
    out: print,
    err: told,
    colors: picocolors.createColors(false),
    local: { version: "1.0.0" },
  };
  try {
    const code = await runProgram("connectsoft", args, cli as unknown as Cli);
    return { lines: said, errors, code };
  } finally {
    await server.close();
  }
}

test("a wrong number of lines is refused by name", async () => {
  const response = await request({}, watch.signal, "?tail=many");
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("tail");
});

function read(more: { releaseId?: string } = {}): Promise<LogLine[]> {
  return readLogs(system, stage.as("jane"), { ...asked, ...more });
}

async function request(
  headers: Record<string, string> = {},
  signal = watch.signal,
  query = "",
): Promise<Response> {
  return await appOf(system).request(`/api/v1/logs/staging/booking-service${query}`, {
    headers: { authorization: `Bearer ${await token()}`, ...headers },
    signal,
  });
}

function token(): Promise<string> {
  return system.accounts.issueToken({ tenantId: place.tenantId, person: "jane" }, "test");
}

async function specOf(releaseId: string): Promise<RecordedSpec> {
  const references = await system.settings.listSecrets(place);
  return {
    namespace,
    moduleId: place.moduleId,
    releaseId,
    version: "1.0.0",
    artifact: await host.artifact({ "service.js": service }),
    start: ["node", "service.js"],
    portVariable: "PORT",
    probes: quickProbes("/"),
    hosts: ["booking-service.localhost"],
    startupTimeoutMs: 20_000,
    configuration: {},
    secrets: references,
  };
}

async function start(releaseId: string): Promise<void> {
  const spec = await specOf(releaseId);
  await system.ledger.dispatch(place, { invocationId: releaseId, spec });
  const environment = await system.settings.revealSecrets(place, spec.secrets);
  const { configuration: _configuration, secrets: _secrets, ...rest } = spec;
  const started = await host.target.start({ ...rest, environment }, watch);
  expect(started).toMatchObject({ state: "ready" });
  await host.target.route({ namespace, moduleId: place.moduleId }, [{ releaseId, weight: 100 }]);
}

async function record(releaseId: string, outcome: "Deployed" | "RolledBack"): Promise<void> {
  const spec = await specOf(releaseId);
  const entry = {
    ...place,
    releaseId,
    traceId: "trace-1",
    version: "1.0.0",
    artifact: spec.artifact,
    spec,
    outcome,
  };
  await system.ledger.record({
    ...entry,
    reasons: [],
    at: "2026-01-01T00:00:00.000Z",
    invocationId: releaseId,
  });
}

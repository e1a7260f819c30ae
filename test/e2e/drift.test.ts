/** What runs is watched: it is compared with what was approved, mended where policy says so, and rolled back when it gets worse. */
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DriftReport } from "../../src/operations/drift/show-drift.ts";
import { named, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";
import { servicesOf } from "./support/processes.ts";

const tenant = (drift: string) => `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager, Deployer] }]
environments: [{ id: staging }]
releasePolicy:
  environments:
    staging: { drift: ${drift}, rollback: { unhealthyFor: 2s }, rollout: { verification: { window: 1s } } }
pipelines: { dialects: [github-actions], chart: false, manifests: false, infrastructure: false }
`;

/** Its health fails for as many milliseconds as it is told: /break/1000. */
const fragile = `
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
let brokenUntil = 0;
createServer((request, response) => {
  const [, ms] = /^.break.([0-9]+)$/.exec(request.url) ?? [];
  if (ms !== undefined) brokenUntil = Date.now() + Number(ms);
  response.writeHead(request.url === "/health" && Date.now() < brokenUntil ? 500 : 200).end(JSON.stringify({ version }));
}).listen(Number(process.env.PORT), "127.0.0.1");
`;
const yaml = `
probes:
  startup: { httpGet: { path: /health }, periodSeconds: 0.05, failureThreshold: 100 }
  readiness: { httpGet: { path: /health }, periodSeconds: 0.2, failureThreshold: 2 }
  liveness: { tcpSocket: {}, periodSeconds: 1, failureThreshold: 3 }
`;

let site: Installation;
let first: Delivered;
let url = "";
beforeAll(async () => {
  const env = { CONNECTSOFT_WATCH_INTERVAL_MS: "300", CONNECTSOFT_DRIFT_INTERVAL_MS: "500" };
  site = await createInstallation({ tenant: tenant("report"), env });
  first = await site.deliver(await fragileModule("1.0.0"));
  expect([first.code, first.stderr]).toEqual([0, ""]);
  url = String(only(first.events, "DeploymentCompleted").data.url);
});
afterAll(() => site.close());

async function fragileModule(version: string): Promise<string> {
  const folder = await writeModule(site.desk, { id: "fragile", version, files: { "server.js": fragile } });
  await writeFile(path.join(folder, "module.yaml"), `id: fragile\nstart: [node, server.js]\n${yaml}`);
  return folder;
}

async function events(trace: string, name: string) {
  return named(await site.events(trace), name);
}

async function drift(...flags: string[]): Promise<{ code: number; report: DriftReport }> {
  const { code, stdout } = await site.connectsoft(["drift", "--json", ...flags]);
  return { code, report: JSON.parse(stdout) };
}

/** The release directory of the module's newest version. */
async function releaseDirectory(): Promise<string> {
  const root = path.join(site.home, "artifacts");
  const names = (await readdir(root)).filter((name) => name.startsWith("sha256-"));
  return path.join(root, names[0] ?? "");
}

async function tamper(text: string): Promise<void> {
  const folder = await releaseDirectory();
  const file = path.join(folder, "server.js");
  await chmod(folder, 0o755);
  await chmod(file, 0o644);
  await writeFile(file, `${await readFile(file, "utf8")}${text}`);
}

it("says in words what somebody changed, once, and changes nothing unless it is asked to", async () => {
  expect(await drift()).toMatchObject({
    code: 0,
    report: { places: [{ moduleId: "fragile", differences: [] }] },
  });
  await tamper("// changed by hand\n");
  const { code, report } = await drift();
  expect(code).toBe(1);
  expect(report.places[0]?.differences).toMatchObject([{ kind: "artifact" }]);
  await expect.poll(() => events(first.trace, "DriftDetected")).toHaveLength(1);
  // Several looks later it is still told once.
  await pause(2_000);
  expect(await events(first.trace, "DriftDetected")).toMatchObject([
    { source: "/engine", data: { correct: false } },
  ]);
  expect((await site.connectsoft(["drift"])).stdout).toContain(
    "The files of 1.0.0 (release-000001) are not the approved",
  );
});

it("refuses in words to mend what nobody kept a copy of, and goes on serving", async () => {
  await drift("--correct");
  await expect.poll(() => events(first.trace, "EscalationRaised")).toHaveLength(1);
  const [escalation] = await events(first.trace, "EscalationRaised");
  expect(escalation?.data.what).toContain("no second copy was kept");
  expect((await ask(url)).status).toBe(200);
});

it("tells of a secret that was rotated since, and releases it anew where policy says so", async () => {
  const rotate = (...more: string[]) =>
    site.connectsoft(["secret", "rotate", "API_KEY", "--env", "staging", ...more]);
  expect(await rotate("--generate")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("API_KEY is not set in staging, so there is nothing to rotate"),
  });
  await site.connectsoft(["secret", "set", "API_KEY", "--env", "staging"], { input: "the-first-value" });
  const folder = await releaseDirectory();
  await rm(folder, { recursive: true });
  const second = await site.deliver(await fragileModule("1.0.1"));
  expect([second.code, second.stderr]).toEqual([0, ""]);
  const told = await rotate("--generate");
  expect(told.stdout).toMatch(
    /1\.0\.1 \(release-\d+\) runs with an older version of API_KEY than there is now/,
  );
  await expect
    .poll(() => events(second.trace, "DriftDetected"))
    .toMatchObject([
      { data: { correct: false, differences: [{ kind: "secret-version", variables: ["API_KEY"] }] } },
    ]);
  expect(await events(second.trace, "DeployRequested")).toEqual([]);
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant("report, secretRotation: redeploy"));
  await site.ok(["tenant", "apply", file]);
  await expect.poll(() => events(second.trace, "DeploymentCompleted"), { timeout: 30_000 }).toHaveLength(2);
  expect(await events(second.trace, "DeployRequested")).toMatchObject([
    { source: "/engine", data: { by: "policy:secretRotation", version: "1.0.1" } },
  ]);
  await expect.poll(async () => (await drift()).code).toBe(0);
  await writeFile(file, tenant("report"));
  await site.ok(["tenant", "apply", file]);
  await site.ok(["secret", "unset", "API_KEY", "--env", "staging"]);
});

it("puts everything back where policy says so: files, and a process that somebody ended", async () => {
  const folder = await releaseDirectory();
  await rm(folder, { recursive: true });
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant("correct"));
  await site.ok(["tenant", "apply", file]);
  const second = await site.deliver(await fragileModule("1.1.0"));
  expect([second.code, second.stderr]).toEqual([0, ""]);
  const reserve = path.join(site.home, "artifacts", "reserve");
  await expect.poll(() => readdir(reserve).catch(() => [])).not.toEqual([]);
  await tamper("// changed by hand again\n");
  await expect.poll(() => events(second.trace, "DriftCorrected"), { timeout: 30_000 }).toHaveLength(1);
  expect((await drift()).code).toBe(0);
  expect(JSON.parse((await ask(url)).body)).toEqual({ version: "1.1.0" });
  expect(servicesOf(site.home, "fragile")).toHaveLength(1);
});

it("takes no notice of what recovers by itself, and rolls back what does not, once", async () => {
  const third = await site.deliver(await fragileModule("1.2.0"));
  expect([third.code, third.stderr]).toEqual([0, ""]);
  await ask(`${url}break/1200`);
  await expect.poll(async () => (await ask(url)).status).toBe(503);
  await expect.poll(async () => (await ask(url)).status).toBe(200);
  expect(await events(third.trace, "RegressionDetected")).toEqual([]);

  await ask(`${url}break/600000`);
  await site.until(third.trace, ({ instances }) =>
    instances.some(({ states }) => states.includes("rolled_back")),
  );
  const told = await events(third.trace, "RegressionDetected");
  expect(told).toHaveLength(1);
  expect(told[0]?.source).toBe("/engine");
  expect(JSON.stringify(told[0]?.data.reasons)).toContain("its readiness probe fails: HTTP 500");
  expect(JSON.parse((await ask(url)).body)).toEqual({ version: "1.1.0" });
});

/** Gates that are somebody else's: a service, a program, and an enforcer that blocks, asked by the running program. */
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { named, only } from "./support/events.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let site: Installation;
let server: Server;
const questions: { authorization: string | undefined; question: Record<string, unknown> }[] = [];
let answer: object | undefined;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    questions.push({ authorization: request.headers.authorization, question: JSON.parse(body) });
    if (answer === undefined) response.writeHead(503).end("out of order");
    else response.end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  site = await createInstallation({
    tenant: `
id: local
people: [{ id: ${userInfo().username}, roles: [StudioAdmin, ReleaseManager, Developer, DevOpsEngineer, Deployer, InfraAdmin] }]
environments: [{ id: staging }, { id: audited }, { id: guarded }]
gates:
  - name: change-board
    http: { url: "http://127.0.0.1:${port}/ask", headers: { Authorization: { secret: BOARD_TOKEN } } }
    environments: [audited]
    again: 1s
  - name: licence-check
    command: [licence-check, --strict]
    environments: [guarded]
    again: 1s
evidence: { producers: [{ id: enforcer, kinds: [policy] }] }
`,
  });
  const folder = path.join(site.home, "gates");
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, "licence-check"),
    `#!/bin/sh\ngrep -q '"moduleId":"unlicensed"' && echo '{"status":"failed","reason":"no licence for this module"}' || echo '{"status":"passed","reason":"licensed"}'\n`,
  );
  await chmod(path.join(folder, "licence-check"), 0o755);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await site.close();
});

it("asks a service with its secret until it has an answer, keeps that for exactly these digests, and asks again at dispatch", async () => {
  answer = undefined;
  const folder = await writeModule(site.desk, { id: "audited-shop" });
  const handed = await site.deliver(folder, ["--env", "audited", "--detach"]);
  const trace = /trace-[\w-]+/.exec(handed.stdout)?.[0] ?? "";
  const reasons = async () =>
    named(await site.events(trace), "ReleaseDelayed").map(({ data }) => JSON.stringify(data.reasons));
  await expect
    .poll(reasons, { timeout: 30_000 })
    .toEqual(
      expect.arrayContaining([
        expect.stringContaining("secret set BOARD_TOKEN --env audited --module release-manager"),
      ]),
    );
  expect(questions).toEqual([]);
  await site.ok(["secret", "set", "BOARD_TOKEN", "--env", "audited", "--module", "release-manager"], {
    input: "Bearer s3cret-4711",
  });
  await expect
    .poll(reasons, { timeout: 30_000 })
    .toEqual(expect.arrayContaining([expect.stringContaining("it answers with HTTP status 503")]));
  expect(await site.ok(["explain", trace])).toContain("The gate change-board gave no answer");

  answer = { status: "passed", reason: "CHG-17 is approved", evidence: { ticket: "CHG-17" } };
  const { code, events } = await site.follow(trace);
  expect(code).toBe(0);
  const answers = named(events, "GateAnswered");
  expect(answers.map(({ source }) => source)).toEqual([
    "/agents/release-manager",
    "/agents/deployment-orchestrator",
  ]);
  const kept = answers[0]?.data ?? {};
  expect(kept).toMatchObject({ gate: "change-board", status: "passed", evidence: { ticket: "CHG-17" } });
  expect(kept.digests).toEqual(only(events, "ReleaseApproved").data.digests);
  const last = questions.at(-1);
  expect(last).toMatchObject({
    authorization: "Bearer s3cret-4711",
    question: {
      gate: "change-board",
      moduleId: "audited-shop",
      environment: "audited",
      digests: kept.digests,
    },
  });
  expect(JSON.stringify(events)).not.toContain("s3cret-4711");
  const summary = JSON.parse(await site.artifact(trace, "ReleaseSummary.json"));
  expect(summary.gates.at(-1)).toMatchObject({ gate: "change-board", status: "Passed" });
});

it("asks a program of the server's owner, and what it blocks is rejected in its words", async () => {
  const good = await site.deliver(await writeModule(site.desk, { id: "licensed" }), ["--env", "guarded"]);
  expect(good.code).toBe(0);
  expect(named(good.events, "GateAnswered")[0]?.data).toMatchObject({
    gate: "licence-check",
    reason: "licensed",
  });
  const bad = await site.deliver(await writeModule(site.desk, { id: "unlicensed" }), ["--env", "guarded"]);
  expect(bad.code).toBe(4);
  expect(only(bad.events, "ReleaseRejected").data.reasons).toMatchObject([
    { code: "PolicyBlocked", message: "The gate licence-check blocks it: no licence for this module." },
  ]);
});

it("is blocked by a listed enforcer for exactly the tree that it names, and by nobody else", async () => {
  answer = { status: "pending", reason: "the board meets at noon" };
  const handed = await site.deliver(await writeModule(site.desk, { id: "malware" }), [
    "--env",
    "audited",
    "--detach",
  ]);
  const trace = /trace-[\w-]+/.exec(handed.stdout)?.[0] ?? "";
  await expect
    .poll(async () => named(await site.events(trace), "ReleaseDelayed").length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  const { commit } = only(await site.events(trace), "ArtifactBuilt").data;
  const { url, token } = site.server();
  const state = (source: string, id: string, data: object) =>
    fetch(`${url}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents+json" },
      body: JSON.stringify({
        specversion: "1.0",
        id,
        source,
        type: "com.connectsoft.delivery.PolicyBlocked",
        subject: `local/${trace}/malware`,
        data,
      }),
    });
  const reasons = [{ code: "Malware", message: "left-pad is known malware" }];
  expect((await state("/security/stranger", "1", { commit, reasons })).status).toBe(403);
  expect((await state("/security/enforcer", "1", { commit: "0".repeat(40), reasons })).status).toBe(409);
  expect((await state("/security/enforcer", "1", { commit, reasons })).status).toBeLessThan(300);
  const { code, events } = await site.follow(trace);
  expect(code).toBe(4);
  expect(only(events, "ReleaseRejected").data.reasons).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        code: "PolicyBlocked",
        message: expect.stringMatching(
          /^malware is blocked by \/security\/enforcer: left-pad is known malware/,
        ),
      }),
    ]),
  );
});

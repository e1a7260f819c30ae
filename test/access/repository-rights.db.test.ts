/** What a tenant says of its repositories and sources holds for those who hand over, and for the agents that go on from there. */
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { explainAccess } from "../../src/operations/access/explain-access.ts";
import { explainDelivery } from "../../src/operations/get-delivery.ts";
import { handOver } from "../../src/operations/hand-over.ts";
import { previewDelivery } from "../../src/operations/preview-delivery.ts";
import type { Caller } from "../../src/operations/system.ts";
import { createTestSystem, exampleFolder, type TestSystem } from "../support/system.ts";

let rig: TestSystem;
let place: string;
const jane: Caller = { tenantId: "vetclinic-001", person: "jane", roles: ["Developer"], method: "cli" };

beforeEach(async () => {
  rig = await createTestSystem();
  place = await mkdtemp(path.join(os.tmpdir(), "sources-"));
  await cp(exampleFolder, path.join(place, "booking-service"), { recursive: true });
});
afterEach(async () => {
  await rig.close();
  await rm(place, { recursive: true, force: true });
});

async function declare(repositories: string): Promise<void> {
  const text = `id: vetclinic-001
people: [{ id: jane, roles: [Developer] }, { id: ada, roles: [StudioAdmin] }]
environments: [{ id: staging }]
repositories: ${repositories}
`;
  await rig.system.tenants.put(parseTenant(text, "tenant.yaml"), "ada", text);
}

const denials = async () =>
  (await rig.system.journal.read("vetclinic-001", { acts: ["AccessDenied"] })).map(({ actor, data }) => [
    actor,
    data.action,
    data.policies,
    data.resource,
  ]);

test("a module is handed over only from where the tenant takes them, also by a link and in a preview", async () => {
  await declare(`{ sources: { folders: ["${place}/**"], git: ["https://git.acme.example/**"] } }`);
  const link = path.join(place, "link");
  await symlink(exampleFolder, link);
  const refusal =
    /TenantForbidden: jane \(Developer\) may not hand over modules in vetclinic-001 from .*booking-service/;
  for (const folder of [exampleFolder, link])
    await expect(handOver(rig.system, jane, { source: { kind: "folder", path: folder } })).rejects.toThrow(
      refusal,
    );
  await expect(previewDelivery(rig.system, jane, { path: exampleFolder })).rejects.toThrow(refusal);
  const url = "https://evil.example/booking-service.git";
  await expect(handOver(rig.system, jane, { source: { kind: "git", url } })).rejects.toThrow(
    /may not hand over modules in vetclinic-001 from https:\/\/evil.example\/booking-service.git.*repository-rights/,
  );
  expect(await rig.system.gitServer.exists("vetclinic-001/booking-service")).toBe(false);
  expect(await denials()).toHaveLength(4);
  expect((await denials()).at(-1)).toEqual([
    "jane",
    "hand-over",
    ["repository-rights"],
    { tenantId: "vetclinic-001", source: url },
  ]);
  const taken = await handOver(rig.system, jane, {
    source: { kind: "folder", path: path.join(place, "booking-service") },
  });
  expect(taken.created).toBe(true);
});

test("who may not write the branch that it lands on hands nothing over, and policy explain says so", async () => {
  await declare('{ rights: [{ repositories: ["booking-*"], branches: [main], write: ["person:ada"] }] }');
  await expect(
    handOver(rig.system, jane, { source: { kind: "folder", path: exampleFolder } }),
  ).rejects.toThrow(/may not hand over modules in main of vetclinic-001\/booking-service/);
  expect(await rig.system.gitServer.exists("vetclinic-001/booking-service")).toBe(false);
  const asked = { who: "jane", what: "push", where: "repository:booking-service@main" };
  const { allowed, rules } = await explainAccess(rig.system, jane, asked);
  expect([allowed, rules.map(({ id }) => id)]).toEqual([false, ["repository-rights"]]);
  const beside = await explainAccess(rig.system, jane, {
    ...asked,
    where: "repository:booking-service@topic",
  });
  expect(beside.allowed).toBe(true);
});

test("an agent that the tenant does not let into a repository stops there by name, on record", async () => {
  await declare("{ rights: [{ branches: [main], agents: [code-committer, devops-engineer] }] }");
  const { subject } = await handOver(rig.system, jane, { source: { kind: "folder", path: exampleFolder } });
  await rig.until(subject, (_, kind) => kind === "stopped");
  const { sentence } = await explainDelivery(rig.system, jane, subject);
  expect(sentence).toMatch(
    /pull-request-creator failed OpenPullRequest .*main of vetclinic-001\/booking-service/,
  );
  expect((await denials()).map(([actor, action]) => [actor, action])).toEqual([
    ["agent:pull-request-creator", "pull-request"],
  ]);
});

test("a sponsor who loses the right takes the agents' with it", async () => {
  await declare("{}");
  const { subject } = await handOver(rig.system, jane, { source: { kind: "folder", path: exampleFolder } });
  await declare('{ rights: [{ branches: [main], write: ["person:ada"] }] }');
  await rig.until(subject, (_, kind) => kind === "stopped");
  const { sentence } = await explainDelivery(rig.system, jane, subject);
  expect(sentence).toMatch(
    /pull-request-creator acts on the authority of jane: jane \(Developer\) may not merge .*main/,
  );
});

test("a right for somebody who is not there is refused by name", async () => {
  await expect(declare('{ rights: [{ write: ["person:jnae"] }] }')).rejects.toThrow(
    /"jnae", who is no person.*did you mean jane/,
  );
  await expect(declare("{ rights: [{ write: [Develper] }] }")).rejects.toThrow(/PolicyInvalid/);
});

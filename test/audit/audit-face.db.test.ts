/** The audit by HTTP: who may, what comes, and that nothing of another tenant does. */

import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Subject } from "../../src/domain/scope.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { AuditKey } from "../../src/operations/audit/look-after-log.ts";
import { appOf } from "../support/app.ts";
import type { TestSystem } from "../support/system.ts";
import { deliverToProduction, entriesOf, verdictOf } from "./trace-archive.ts";

let world: TestSystem;
let subject: Subject;
let ask: (person: string, method: string, path: string, body?: object) => Promise<Response>;

beforeAll(async () => {
  ({ world, subject } = await deliverToProduction());
  const { accounts, tenants } = world.system;
  const globex = {
    id: "globex",
    people: [{ id: "hank", roles: ["StudioAdmin"] }],
    environments: [{ id: "staging" }],
  };
  await tenants.put(tenantSchema.parse(globex), "hank");
  const app = appOf(world.system);
  ask = async (person, method, path, body) => {
    const tenantId = person === "hank" ? "globex" : subject.tenantId;
    const token = await accounts.issueToken({ tenantId, person }, "test");
    return await app.request(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  };
});
afterAll(() => world.close());

test("who may export is handed the archive as a file, and it verifies", async () => {
  const response = await ask("ada", "GET", `/audit/traces/${subject.traceId}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/gzip");
  expect(response.headers.get("content-disposition")).toContain(`${subject.traceId}.audit.tar.gz`);
  const archive = await buffer(Readable.from(response.body ?? []));
  expect(await verdictOf(await entriesOf(archive))).toMatchObject({ traceId: subject.traceId });
});

test("who may not is refused, and another tenant finds nothing", async () => {
  for (const [method, path] of [
    ["GET", `/audit/traces/${subject.traceId}`],
    ["POST", "/audit/checks"],
    ["POST", "/audit/checkpoints"],
    ["POST", "/audit/keys"],
  ] as const)
    expect((await ask("jane", method, path, method === "POST" ? {} : undefined)).status, path).toBe(403);
  expect((await ask("hank", "GET", `/audit/traces/${subject.traceId}`)).status).toBe(404);
  const theirs = await (await ask("hank", "GET", "/audit/keys")).json();
  const ours = await world.system.signer.keys(subject.tenantId);
  expect(JSON.stringify(theirs)).not.toContain(ours[0]?.keyId ?? "?");
});

test("evidence that was changed is not handed out", async () => {
  const path = `/audit/traces/${subject.traceId}`;
  await world.pool.query(
    `update connectsoft.artifacts set content = content || ' ' where name = 'SBOM.json'`,
  );
  const refused = await ask("ada", "GET", path);
  expect(await refused.json()).toMatchObject({
    code: "DigestMismatch",
    detail: expect.stringMatching(/SBOM\.json@1 is not what event \d+ says was written/),
  });
  const check = await (await ask("ada", "POST", "/audit/checks", {})).json();
  expect(check).toMatchObject({ finding: { where: expect.stringContaining("SBOM.json version 1") } });
});

test("a rotation is on record, and what the old key signed still verifies", async () => {
  const before = await keys();
  const made = (await (await ask("ada", "POST", "/audit/keys", {})).json()) as AuditKey;
  const after = await keys();
  expect(after.map(({ keyId }) => keyId)).toEqual([before[0]?.keyId, made.keyId]);
  const entries = await world.system.journal.read(subject.tenantId);
  expect(entries.at(-1)).toMatchObject({
    act: "SigningKeyRotated",
    actor: "ada",
    data: { keyId: made.keyId },
  });
  const { checkpoints } = await world.system.auditLog.check(subject.tenantId, {});
  expect(checkpoints).toBeGreaterThan(0);
  expect((await world.system.auditLog.checkpoint(subject.tenantId))?.note).toBeDefined();
});

async function keys(): Promise<AuditKey[]> {
  return (await (await ask("ada", "GET", "/audit/keys")).json()) as AuditKey[];
}

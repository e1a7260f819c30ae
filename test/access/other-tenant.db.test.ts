/**
 * Nothing of one tenant is found or changed by another: every operation is asked by somebody with every role of a second
 * tenant, about what is the first one's, and every stored kind is looked at before and after.
 */
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { roleSchema } from "../../src/domain/tenant/role.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { followDelivery } from "../../src/operations/follow-delivery.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { serveGit } from "../../src/operations/pull-requests/serve-git.ts";
import type { Caller } from "../../src/operations/system.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { type Known, sampleInput } from "./sample-inputs.ts";
import { seedRows } from "./seed-rows.ts";

const victim = "vetclinic-001";
const mallory: Caller = {
  tenantId: "globex",
  person: "mallory",
  roles: [...roleSchema.options],
  claims: ["override.freeze"],
  method: "api",
};

let stage: TestSystem;
let subject: Subject;
let known: Known;
/** Words that stand in what is the victim's, and in nothing that mallory says. */
let marks: string[];
let before: Record<string, string>;

beforeAll(async () => {
  stage = await createTestSystem();
  const { system } = stage;
  await system.tenants.put(
    tenantSchema.parse({
      id: "globex",
      people: [
        { id: "mallory", roles: [...roleSchema.options], claims: ["override.freeze"] },
        { id: "trudy", roles: ["StudioAdmin", "ReleaseManager"] },
      ],
      environments: [{ id: "staging" }, { id: "production" }],
    }),
    "mallory",
  );
  const place = { tenantId: victim, environment: "production" };
  await system.settings.setConfig(place, "GREETING", "good-morning-vets");
  await system.settings.setSecret(place, "VETS_ONLY_KEY", "s3cr3t-of-the-vets");
  await system.accounts.issueToken({ tenantId: victim, person: "olga" }, "laptop-of-olga");
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  const [proposed] = await system.store.events(subject, { names: ["ReleaseProposed"] });
  known = {
    ...subject,
    environment: "production",
    releaseId: String(proposed?.data.releaseId),
    repository: subject.moduleId,
    person: "jane",
  };
  const mark = "seeded-for-the-vets";
  await system.journal.append(victim, [{ act: "TokenIssued", actor: "olga", data: { label: mark } }]);
  await seedRows(stage.pool, { tenantId: victim, mark, except: nobodys, byTenant });
  marks = ["good-morning-vets", "VETS_ONLY_KEY", "s3cr3t-of-the-vets", "laptop-of-olga", "olga", mark];
  before = await stored(stage.pool);
});
afterAll(() => stage.close());

const operations = catalogue.map((operation) => [operation.name, operation] as const);

describe.each([
  ["named as what it is, the other tenant's", victim],
  ["guessed by its ids, in one's own tenant", "globex"],
])("what is another tenant's, %s:", (_title, tenantId) => {
  test.each(operations)("%s finds nothing and changes nothing", async (_name, operation) => {
    const answer = await answerOf(operation, { ...known, tenantId });
    for (const mark of marks) expect(answer).not.toContain(mark);
    expect(await stored(stage.pool)).toEqual(before);
  });
});

describe("other ways to what is another tenant's:", () => {
  test.each(["git-upload-pack", "git-receive-pack"] as const)(
    "%s says that there is no such repository",
    async (service) => {
      const place = { tenantId: victim, repository: known.repository };
      const asked = serveGit(stage.system, mallory, { ...place, service, advertise: true } as never);
      await expect(asked).rejects.toThrow(/NotFound/);
    },
  );

  test("a stream of its events is refused before the first one", async () => {
    const { signal } = new AbortController();
    const updates = followDelivery(stage.system, mallory, { subject, after: 0, signal });
    await expect(updates[Symbol.asyncIterator]().next()).rejects.toThrow(/TenantForbidden/);
  });

  test("its journal has nothing of the attempts, and one's own has all that were refused", async () => {
    const theirs = await stage.system.journal.read(victim);
    expect(theirs.filter(({ actor }) => actor === "mallory")).toEqual([]);
    const own = await stage.system.journal.read("globex");
    expect(own.filter(({ data }) => JSON.stringify(data).includes("other-tenant")).length).toBeGreaterThan(
      10,
    );
  });
});

test("every stored kind says whose it is, by a column that a look for one tenant's goes by", async () => {
  const unmarked = (await tablesOf(stage.pool)).filter(
    ({ marked, table }) => !marked && !nobodys.includes(table),
  );
  expect(unmarked.filter(({ columns }) => !columns.some((column) => byTenant.includes(column)))).toEqual([]);
});

test("every stored kind has something of the tenant's to be found", () => {
  const empty = Object.entries(before).filter(([, digest]) => digest.startsWith("0:"));
  expect(empty.map(([table]) => table).filter((table) => !nobodys.includes(table))).toEqual([]);
});

/** Keys that begin with the tenant: `<tenant>/<repository>`, `<tenant>-<environment>`, `<tenant>/<trace>/<module>`. */
const byTenant = ["repository", "namespace", "subject"];
/** Of the installation and its workers; flows go by their digest. */
const nobodys = ["flows", "installation", "migrations", "workers"];

async function answerOf(operation: Operation, about: Known): Promise<string> {
  const input = { ...sampleInput(operation, about), ...aside[operation.name] };
  try {
    return JSON.stringify((await operation.run(stage.system, mallory, input)) ?? null);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    // One that is refused for its form has looked for nothing.
    expect(error.refusal.code, `${operation.name}: ${error.message}`).not.toBe("InputInvalid");
    return JSON.stringify(error.refusal);
  }
}

/** A build of mallory's own is beside the point. */
const aside: Record<string, object> = {
  runPipeline: { path: "/nowhere/at/all" },
  previewDelivery: { path: "/nowhere/at/all" },
  handOver: { source: { kind: "folder", path: "/nowhere/at/all" } },
};

/** A digest of the victim's rows of each table. */
async function stored(pool: Pool): Promise<Record<string, string>> {
  const tables = await tablesOf(pool);
  const digests = await Promise.all(
    tables.map(async ({ table, marked }) => {
      const theirs = marked ? "t.tenant_id = $1" : "t::text like '%' || $1 || '%'";
      const { rows } = await pool.query<{ digest: string }>(
        `select count(*) || ':' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest
         from connectsoft."${table}" t where ${theirs}`,
        [victim],
      );
      return [table, rows[0]?.digest ?? ""] as const;
    }),
  );
  return Object.fromEntries(digests);
}

interface Table {
  table: string;
  columns: string[];
  /** It has a column `tenant_id`. */
  marked: boolean;
}

async function tablesOf(pool: Pool): Promise<Table[]> {
  const { rows } = await pool.query<Omit<Table, "marked">>(
    `select t.table_name as table, array_agg(c.column_name::text) as columns
     from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
     where t.table_schema = 'connectsoft' and t.table_type = 'BASE TABLE' group by t.table_name`,
  );
  return rows.map((row) => ({ ...row, marked: row.columns.includes("tenant_id") }));
}

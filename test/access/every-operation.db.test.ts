/** No operation, route or git service gets by the policy decision point: each is asked as somebody who may not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JournalEntry } from "../../src/domain/journal/journal-entry.ts";
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { serveGit } from "../../src/operations/pull-requests/serve-git.ts";
import type { Caller } from "../../src/operations/system.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { type Known, sampleInput } from "./sample-inputs.ts";

const tenantId = "vetclinic-001";
let stage: TestSystem;
let subject: Subject;
let known: Known;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  const releases = await stage.system.store.events(subject, { names: ["ReleaseProposed"] });
  const releaseId = String(releases.at(-1)?.data.releaseId);
  const repository = subject.moduleId;
  const tenant = await stage.system.tenants.get(tenantId);
  const people = [...tenant.people, { id: "mallory", roles: [] }];
  await stage.system.tenants.put({ ...tenant, people }, "ada");
  known = { ...subject, environment: "production", releaseId, repository, person: "jane" };
});
afterAll(() => stage.close());

const nobody: Caller = { tenantId, person: "mallory", roles: [], method: "api" };
const auditor: Caller = { tenantId, person: "vera", roles: ["Auditor"], method: "api" };

async function refusalOf(operation: Operation, caller: Caller): Promise<RefusalError> {
  try {
    await operation.run(stage.system, caller, sampleInput(operation, known));
  } catch (error) {
    if (error instanceof RefusalError) return error;
    throw error;
  }
  throw new Error(`${operation.name} was done for ${caller.person}, who may not`);
}

async function newEntries(act: () => Promise<unknown>): Promise<JournalEntry[]> {
  const after = (await stage.system.journal.read(tenantId)).length;
  await act();
  return await stage.system.journal.read(tenantId, { after });
}

describe("an operation asks the decision point before it does anything", () => {
  test.each(catalogue.map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, operation) => {
      let refusal: RefusalError | undefined;
      const entries = await newEntries(async () => {
        refusal = await refusalOf(operation, nobody);
      });
      const asked = refusal?.refusal.code !== "InputInvalid";
      expect(asked, `give ${name} an input that it takes, in sample-inputs.ts: ${refusal?.message}`).toBe(
        true,
      );
      expect(entries).toMatchObject([
        { act: "AccessDenied", actor: "mallory", data: { action: operation.action, method: "api" } },
      ]);
    },
  );
});

/** They look and change nothing of deliveries or policy, though they are posted. */
const looks = [
  "validatePolicy",
  "testPolicy",
  "diffPolicy",
  "validateFlow",
  "checkAudit",
  "makeCheckpoint",
  "makeSignInLink",
];
/** They find first what it is about, and there is none here: a freeze that holds, or a delegation. Then they ask. */
const finds = ["endDelegation", "overrideFreeze", "confirmFreezeOverride"];

describe("an operation that changes something is not done for who may only look", () => {
  const changing = catalogue.filter(({ method, name }) => method !== "GET" && !looks.includes(name));
  test.each(changing.map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, operation) => {
      const chain = (await stage.system.store.events(subject)).length;
      const entries = await newEntries(() => refusalOf(operation, auditor));
      const told = (await stage.system.store.events(subject)).slice(chain);
      // A vote that may not be given is on the delivery's own chain.
      const onRecord = [...entries.map(({ act }) => act), ...told.map(({ type }) => type.split(".").at(-1))];
      expect(onRecord.every((act) => act === "AccessDenied" || act === "ApprovalVoided")).toBe(true);
      expect(onRecord.length > 0).toBe(!finds.includes(name));
    },
  );
});

describe("faces beside the catalogue", () => {
  const open = [
    // Who has its secret acts as its service account, which the decision point is asked about.
    "/api/v1/hooks/:tenantId/:hook",
    "/session",
    "/*",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/*",
    "/sign-in",
    "/sign-in/start",
    "/sign-in/callback",
    "/openapi.json",
    "/docs",
    "/docs/:file",
  ];
  const git = /^\/git\//;

  test("have no route that is neither an operation's, git's nor open to everybody by intent", () => {
    const own = new Set(catalogue.map(({ method, path }) => `${method} /api/v1${path}`));
    const others = appOf(stage.system)
      .routes.filter(({ method, path }) => !own.has(`${method} ${path}`))
      .map(({ path }) => path)
      .filter((path) => !open.includes(path) && !git.test(path));
    expect([...new Set(others)]).toEqual([]);
  });

  test.each(["git-upload-pack", "git-receive-pack"] as const)(
    "%s asks the decision point",
    async (service) => {
      const place = { tenantId, repository: known.repository };
      const entries = await newEntries(async () => {
        const asked = serveGit(stage.system, nobody, { ...place, service, advertise: true } as never);
        await expect(asked).rejects.toThrow(/TenantForbidden/);
      });
      expect(entries).toMatchObject([{ act: "AccessDenied", actor: "mallory" }]);
    },
  );

  test.each([
    ["GET", (): string => `/deliveries/${tenantId}/${subject.traceId}/${subject.moduleId}/events`],
    ["GET", (): string => `/logs/production/${subject.moduleId}`],
    ["POST", (): string => "/runs"],
  ] as const)("a stream of %s %s is refused before it begins", async (method, path) => {
    const token = await stage.system.accounts.issueToken({ tenantId, person: "mallory" }, "test");
    const entries = await newEntries(async () => {
      const response = await appOf(stage.system).request(`/api/v1${path()}`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
        ...(method === "POST" && { body: JSON.stringify({ path: "/tmp" }) }),
      });
      expect(response.status).toBe(403);
    });
    expect(entries).toMatchObject([{ act: "AccessDenied", actor: "mallory" }]);
  });
});

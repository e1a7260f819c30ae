import { afterAll, beforeAll, expect, test } from "vitest";
import { release } from "../../../test/support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { AgentContext } from "../../ports/agent.ts";
import { listConfirmations } from "./list-confirmations.ts";

const warning = { code: "ScanWarning", message: "booking-service waits: CVE-1, medium in ms@2.0.0" } as const;
let holds = true;
let stage: TestSystem;
beforeAll(async () => {
  stage = await createTestSystem({
    EvaluateRelease: async (context: AgentContext) => ({
      status: "Delayed",
      summary: "held",
      wakeOn: ["RetryDelayed"],
      emits: [
        {
          name: "ReleaseDelayed",
          data: {
            ...release(context),
            reasons: [holds ? warning : { code: "FreezeActive", message: "frozen" }],
          },
        },
      ],
    }),
  });
  const tenant = await stage.system.tenants.get("vetclinic-001");
  const people = [
    ...tenant.people.map((one) =>
      one.id === "jane" ? { ...one, roles: [...one.roles, "SecurityReviewer" as const] } : one,
    ),
    { ...tenant.people[0], id: "sec", roles: [], environments: { staging: ["SecurityReviewer" as const] } },
    {
      ...tenant.people[0],
      id: "elsewhere",
      roles: [],
      environments: { production: ["SecurityReviewer" as const] },
    },
  ];
  await stage.system.tenants.put({ ...tenant, people } as typeof tenant, "ada");
});
afterAll(() => stage.close());

test("a release that a finding holds waits for SecurityReviewers of its place, and not for who handed it over", async () => {
  const subject = await stage.deliver();
  await stage.until(subject, (sentence) => sentence.includes("ScanWarning"));
  const waiting = await listConfirmations(stage.system, stage.as("max"));
  expect(waiting).toEqual([
    {
      ...{ kind: "cve-override", id: "release-000001", by: "release-manager", at: expect.any(String) },
      what: expect.stringContaining("held by what a scan found"),
      ...{ reason: warning.message, mayConfirm: ["sec"], yours: false },
      command: "studio override-cve release-000001",
    },
  ]);
  const [own] = await listConfirmations(stage.system, { ...stage.as("max"), person: "sec" });
  expect(own?.yours).toBe(true);

  holds = false;
  const { engine } = stage.system;
  const data = { by: "max", reason: "look again", releaseId: "release-000001" };
  const draft = { name: "RetryDelayed", source: "/cli", environment: "staging", data } as const;
  await engine.append(subject, [{ ...draft, releaseId: "release-000001" }]);
  await stage.until(subject, (sentence) => sentence.includes("FreezeActive"));
  expect(await listConfirmations(stage.system, stage.as("max"))).toEqual([]);
});

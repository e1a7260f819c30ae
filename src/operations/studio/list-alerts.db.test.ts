import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Alert } from "../../ports/alerts.ts";
import { listAlerts } from "./list-alerts.ts";

const alert = (name: string, tenantId?: string): Alert => ({
  ...{ name, state: "firing", severity: "warning", summary: `${name}.`, since: "2025-05-23T10:00:00.000Z" },
  ...(tenantId !== undefined && { tenantId }),
});
const some = [alert("Own", "vetclinic-001"), alert("Foreign", "globex"), alert("QueueLagging")];

let stage: TestSystem;
beforeAll(async () => {
  stage = await createTestSystem();
});
afterAll(() => stage.close());

async function seenBy(person: string, told = some) {
  const alerts = { source: "http://prometheus.test", list: async () => told };
  const { alerts: shown, ofInstallation } = await listAlerts({ ...stage.system, alerts }, stage.as(person));
  return { names: shown.map(({ name }) => name), tones: shown.map(({ tone }) => tone), ofInstallation };
}

test("what fires comes first, the worst of it on top, and its tone is that of its severity", async () => {
  const of = (name: string, change: Partial<Alert>) => ({ ...alert(name, "vetclinic-001"), ...change });
  const { names, tones } = await seenBy("jane", [
    of("Waits", { severity: "critical", state: "pending" }),
    of("Old", { severity: "Warning" }),
    of("Odd", { severity: "purple" }),
    of("New", { severity: "warning", since: "2025-05-23T11:00:00.000Z" }),
    of("Down", { severity: "critical", since: "2025-05-22T10:00:00.000Z" }),
  ]);
  expect(names).toEqual(["Down", "New", "Old", "Odd", "Waits"]);
  expect(tones).toEqual(["danger", "warning", "warning", "neutral", "neutral"]);
});

test("people see the alerts of their tenant, and read why not those of the installation", async () => {
  const { names, ofInstallation } = await seenBy("jane");
  expect(names).toEqual(["Own"]);
  expect(ofInstallation).toMatchObject({ allowed: false, why: expect.stringContaining("jane") });
});

test("who administers it sees those of the installation too, and no other tenant's", async () => {
  const { names, ofInstallation } = await seenBy("ada");
  expect(names.toSorted()).toEqual(["Own", "QueueLagging"]);
  expect(ofInstallation).toEqual({ allowed: true });
});

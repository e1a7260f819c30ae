/** What blocks a release that is approved already: an enforcer's word, and gates of the tenant's own, asked again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeAll(async () => {
  rig = await createRuntimeRig();
});
afterAll(() => rig.dispose());

const { gates, evidence } = tenantSchema.parse({
  id: "acme",
  people: [{ id: "jane", roles: [] }],
  environments: [{ id: "production" }],
  gates: [{ name: "change-board", http: { url: "http://127.0.0.1:1/" } }],
  evidence: { producers: [{ id: "enforcer", kinds: ["policy"] }] },
});

async function approved(traceId: string) {
  const delivery = rig.delivery(
    traceId,
    "1.0.0",
    await rig.fixture.artifact({ "server.js": greeter("one") }),
  );
  await delivery.approve();
  return delivery;
}

test("a block that came after the approval keeps the release from being applied, by name, until it is lifted", async () => {
  rig.setGates({ evidence, gates: [] });
  const delivery = await approved("trace-1");
  const reasons = [{ code: "Malware", message: "left-pad is known malware" }];
  const source = "/security/enforcer";
  delivery.tell("PolicyBlocked", { tree: "another", reasons }, { id: "block-0", source, sequence: 40 });
  delivery.tell("PolicyBlocked", { tree: "7ree", reasons }, { source: "/security/stranger", sequence: 41 });
  delivery.tell("PolicyBlocked", { tree: "7ree", reasons }, { id: "block-1", source, sequence: 42 });
  const { outcome, context } = await delivery.deploy();
  expect(outcome.emits).toMatchObject([
    {
      name: "ReleaseDelayed",
      data: {
        reasons: [
          {
            code: "PolicyBlocked",
            message: "shop is blocked by /security/enforcer: left-pad is known malware (block-1).",
            next: "Mend what it names and hand the module over again.",
          },
        ],
      },
    },
  ]);
  expect(context.announced).toEqual([]);
  expect(await rig.ledger.current(place)).toBeUndefined();
  delivery.tell("PolicyBlocked", { tree: "7ree", lifted: true, reasons: [] }, { source, sequence: 43 });
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
});

test("a gate that let the release pass and blocks it now is heard, and its new answer stands", async () => {
  rig.setGates({ gates, answer: { answer: { status: "passed", reason: "CHG-17 is approved" } } });
  const delivery = await approved("trace-2");
  rig.setGates({ answer: { answer: { status: "failed", reason: "CHG-17 was withdrawn" } } });
  const { outcome } = await delivery.deploy();
  const message = "The gate change-board blocks it: CHG-17 was withdrawn.";
  expect(outcome.emits).toMatchObject([
    { name: "ReleaseDelayed", data: { reasons: [{ code: "PolicyBlocked", message }] } },
  ]);
  expect(delivery.events.at(-2)).toMatchObject({ name: "GateAnswered", data: { status: "failed" } });
});

test("while a gate says nothing the release waits, keeps nobody else waiting, and goes on when it is answered", async () => {
  rig.setGates({ gates, answer: { why: "it cannot be reached (ECONNREFUSED)" } });
  const delivery = await approved("trace-3");
  const { outcome } = await delivery.deploy({ invocationId: "silent" });
  expect(outcome).toMatchObject({
    status: "Delayed",
    summary: "The gate change-board gave no answer: it cannot be reached (ECONNREFUSED).",
    emits: [],
    wakeOn: expect.arrayContaining(["PolicyBlocked"]),
    until: expect.any(String),
  });
  rig.setGates({ gates: [] });
  const other = await approved("trace-4");
  expect(names((await other.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  rig.setGates({ gates, answer: { answer: { status: "passed", reason: "" } } });
  expect(names((await delivery.deploy({ invocationId: "silent" })).outcome)).toEqual(["DeploymentCompleted"]);
});

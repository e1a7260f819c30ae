import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import { activeStates } from "../../src/adapters/store/summary.ts";
import { refuse } from "../../src/domain/refusal.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { type Script, vote } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

it("what is on its way in a superseded delivery halts, and what it already serves still takes a rollback", async () => {
  const rig = createRig({ store: createMemoryStore(), clock: createVirtualClock() });
  const subject = subjectOf("trace-over");
  await rig.engine.start();
  await rig.handOver(subject);
  await rig.engine.settled();
  await rig.tell(subject, "DeliverySuperseded", { byTrace: "trace-newer" });

  await rig.tell(subject, "ApprovalGranted", vote("release-000002"), { environment: "production" });
  await rig.tell(
    subject,
    "RollbackRequested",
    { by: "alice", reason: "too slow" },
    { environment: "staging" },
  );
  await rig.engine.settled();
  const { state } = await rig.record(subject);
  expect(state.phase).toBe("superseded");
  expect(activeStates(state)).toEqual({
    delivery: ["promoting"],
    staging: ["rolled_back"],
    production: ["awaiting_approval"],
  });
  await rig.engine.stop();
});

it("people are told when the attempts of a rollback ran out, also of a delivery that is cancelled meanwhile", async () => {
  const clock = createVirtualClock();
  const script: Script = {
    RollBack: async () => {
      throw refuse("Unavailable", "The host is away.");
    },
  };
  const rig = createRig({ store: createMemoryStore(), clock, script });
  const subject = subjectOf("trace-away");
  await rig.engine.start();
  await rig.handOver(subject);
  await rig.engine.settled();
  await rig.tell(subject, "RollbackRequested", { by: "alice", reason: "slow" }, { environment: "staging" });
  await rig.engine.settled();
  await rig.tell(subject, "DeliveryCancelled", { by: "alice" });
  for (let attempt = 0; attempt < 6; attempt += 1) {
    clock.advance(120_000);
    await rig.engine.settled();
  }
  expect(activeStates((await rig.record(subject)).state)).toMatchObject({ staging: ["rollback_failed"] });
  expect(await rig.names(subject)).toContain("RollbackFailed");
  await rig.engine.stop();
});

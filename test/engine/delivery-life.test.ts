import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import { activeStates } from "../../src/adapters/store/summary.ts";
import { verifyChain } from "../../src/domain/event/event.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { vote } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

it("carries a module through staging, waits for a person, and goes live in production", async () => {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const rig = createRig({ store, clock });
  const subject = subjectOf("trace-life");
  await rig.engine.start();
  await rig.handOver(subject);
  await rig.engine.settled();

  const waiting = activeStates((await rig.record(subject)).state);
  expect(waiting).toEqual({ delivery: ["promoting"], staging: ["live"], production: ["awaiting_approval"] });

  await rig.tell(subject, "ApprovalGranted", vote("release-000002"), { environment: "production" });
  await rig.engine.settled();
  const { state } = await rig.record(subject);
  expect(activeStates(state)).toEqual({ delivery: ["published"], staging: ["live"], production: ["live"] });
  expect(state.invocations).toEqual({});
  expect(await rig.names(subject)).toContain("ReleasePublished");
  expect(verifyChain(await store.events(subject))).toMatchObject({ intact: true });
  await rig.engine.stop();
});

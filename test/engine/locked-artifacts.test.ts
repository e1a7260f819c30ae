import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import type { AgentContext } from "../../src/ports/agent.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { success } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

it("what a deployed release stands on takes no further version, and a rollback writes documents of its own", async () => {
  let deployments = 0;
  const store = createMemoryStore();
  const script = {
    DeployRelease: async (context: AgentContext) => {
      deployments += 1;
      context.memory.write("deployments", "DeploymentSummary.json", `{"deployment": ${deployments}}`);
      const { releaseId = "" } = context.invocation;
      return success(["DeploymentCompleted", { releaseId, version: "1.0.0" }]);
    },
    RollBack: rollBack,
  };
  const rig = createRig({ store, clock: createVirtualClock(), script });
  const subject = subjectOf("trace-locked");
  await rig.engine.start();
  await rig.handOver(subject, { environments: ["staging"] });
  await rig.engine.settled();

  const again = { instance: "staging", to: "deploying", by: "alice", reason: "try" };
  await rig.tell(subject, "FlowMoved", again, { environment: "staging" });
  await rig.engine.settled();
  const [refused] = await store.events(subject, { names: ["AgentFailed"] });
  expect(refused?.data).toMatchObject({ code: "ArtifactLocked" });

  await rig.tell(subject, "RollbackRequested", { by: "alice", reason: "slow" }, { environment: "staging" });
  await rig.engine.settled();
  const kept = await store.artifacts({ tenantId: subject.tenantId, allVersions: true });
  const written = kept.filter((one) => one.kind === "deployments").map((one) => `${one.name} ${one.version}`);
  expect(written).toEqual(["DeploymentSummary.json 1", "RollbackSummary.json 1"]);
  await rig.engine.stop();
});

async function rollBack(context: AgentContext) {
  context.memory.write("deployments", "RollbackSummary.json", "{}");
  return success(["RollbackCompleted", { releaseId: context.invocation.releaseId ?? "", restored: null }]);
}

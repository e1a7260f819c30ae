import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import { isSealed, originalOf, sealedCopies } from "../../src/operations/sealed-copies.ts";
import type { AgentContext } from "../../src/ports/agent.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { release, success } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

const script = {
  ProposeRelease: async (context: AgentContext) => {
    const compliance = context.invocation.environment === "staging" && { compliance: "staging is regulated" };
    return success(["ReleaseProposed", { ...release(context), ...compliance }]);
  },
  DeployRelease: async (context: AgentContext) => {
    context.memory.write("deployments", "DeploymentSummary.json", "{}");
    return success(["DeploymentCompleted", { ...release(context) }]);
  },
};

it("a deployed release in compliance mode has sealed copies of what it stands on, and no other has", async () => {
  const store = createMemoryStore();
  const rig = createRig({ store, clock: createVirtualClock(), script });
  const subject = subjectOf("trace-sealed");
  await rig.engine.start();
  await rig.handOver(subject, { environments: ["staging", "preview"] });
  await rig.engine.settled();
  const { tenantId } = subject;
  const written = await store.artifacts({ tenantId });
  const summaries = written.filter(({ name }) => name === "DeploymentSummary.json");
  expect(summaries).toHaveLength(2);
  const copies = await sealedCopies(store, [subject], written);
  expect(copies.map(({ path }) => path)).toEqual([
    expect.stringMatching(/^compliance\/trace-sealed\/.*env-staging.*\/DeploymentSummary\.json$/),
  ]);
  for (const { path, version } of summaries)
    expect(await isSealed(store, { tenantId, path, version })).toBe(path.includes("env-staging"));
  expect(originalOf(copies[0]?.path ?? "")).toBe(
    summaries.find(({ path }) => path.includes("staging"))?.path,
  );
  await rig.engine.stop();
});

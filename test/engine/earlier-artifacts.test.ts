import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import type { AgentContext } from "../../src/ports/agent.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { success } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

it("an agent reads what another delivery of the module wrote", async () => {
  const seen: unknown[] = [];
  const script = {
    GeneratePipeline: async (context: AgentContext) => {
      const { memory, invocation } = context;
      seen.push(await memory.readFrom("trace-one", "pipelines", "Notes.txt"));
      memory.write("pipelines", "Notes.txt", `by ${invocation.traceId}`);
      return success(["PipelineReady", { commit: "c1", tree: "t1", dialects: [] }]);
    },
  };
  const rig = createRig({ store: createMemoryStore(), clock: createVirtualClock(), script });
  await rig.engine.start();
  for (const trace of ["trace-one", "trace-two"]) {
    await rig.handOver(subjectOf(trace), { environments: ["staging"] });
    await rig.engine.settled();
  }
  expect(seen).toEqual([undefined, "by trace-one"]);
  await rig.engine.stop();
});

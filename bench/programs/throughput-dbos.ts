/** The peer: DBOS, the same six steps and one approval as a workflow, in one process, on the same server. */
import { DBOS } from "@dbos-inc/dbos-sdk";
import { smallArtifact } from "../support/bench-agents.ts";
import { argument, say } from "../support/program.ts";

const { url, count, warmUp, poolSize } = argument<{
  url: string;
  count: number;
  warmUp: number;
  poolSize: number;
}>();
const week = 7 * 24 * 3600;
const awaited: string[] = [];
let wake = (): void => undefined;

const deliver = DBOS.registerWorkflow(
  async (id: string) => {
    await step("CommitModule");
    await step("OpenPullRequest");
    await step("GeneratePipeline");
    await step("ProvisionAhead");
    awaited.push(id);
    wake();
    await DBOS.recv("approval", { timeoutSeconds: week });
    await step("EvaluateRelease");
    await step("DeployRelease");
  },
  { name: "deliver" },
);

DBOS.setConfig({
  name: "bench",
  systemDatabaseUrl: url,
  systemDatabasePoolSize: poolSize,
  logLevel: "error",
});
await DBOS.launch();
void approve();
await deliverAll(warmUp, "warm");
const cpuBefore = process.cpuUsage();
const began = performance.now();
await deliverAll(count, "open");
const seconds = (performance.now() - began) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await say({ kind: "result", seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 });
process.exit(0);

function step(name: string): Promise<unknown> {
  return DBOS.runStep(async () => smallArtifact(name), { name });
}

async function deliverAll(size: number, prefix: string): Promise<void> {
  const ids = Array.from({ length: size }, (_, index) => `${prefix}-${index}`);
  const handles = await Promise.all(ids.map((id) => DBOS.startWorkflow(deliver, { workflowID: id })(id)));
  await Promise.all(handles.map((handle) => handle.getResult()));
}

/** Outside of every workflow, as a person is: a send from inside would be recorded as one of its steps. */
async function approve(): Promise<void> {
  for (;;) {
    for (const id of awaited.splice(0)) void DBOS.send(id, { by: "alice" }, "approval");
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

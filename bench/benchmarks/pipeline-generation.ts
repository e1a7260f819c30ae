/**
 * What it costs to generate every file of a thousand modules and to judge each set of them with every validator of the
 * process, as GeneratePipeline does it: in the validators' own threads, for deliveries that run beside each other.
 */
import { dialects } from "../../src/adapters/dialect/index.ts";
import { validators } from "../../src/adapters/validator/index.ts";
import { createValidatorPool } from "../../src/adapters/validator/pool/validator-pool.ts";
import { generateSets } from "../../src/agents/devops-engineer/generation/generate-sets.ts";
import { judgeSets } from "../../src/agents/devops-engineer/generation/judge-sets.ts";
import { generators } from "../../src/domain/pipeline/generators.ts";
import { modelFor } from "../../src/domain/pipeline/model-for.ts";
import type { FileSet } from "../../src/domain/pipeline/pipeline-model.ts";
import { pipelinePolicySchema } from "../../src/domain/tenant/delivery-policies.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { sampleModules } from "../support/sample-modules.ts";

const environments = [
  { name: "staging", requiresApproval: false },
  { name: "production", requiresApproval: true },
];

export const pipelineGeneration: Benchmark = {
  name: "pipeline-generation",
  title: "files of 1,000 modules of five languages, every dialect, image, chart and manifest",
  async run({ quick, log }) {
    const count = quick ? 20 : 1_000;
    const rounds = quick ? 1 : 3;
    const pool = createValidatorPool();
    const samples = {
      first: [] as number[],
      generated: [] as number[],
      checked: [] as number[],
      work: [] as number[],
    };
    let [files, errors] = [0, 0];
    const [one] = sampleModules(1, rounds);
    const cold = performance.now();
    if (one !== undefined) await judgeSets(pool.check, setsOf(one));
    samples.first.push(performance.now() - cold);
    for (let round = 0; round < rounds; round += 1) {
      const modules = sampleModules(count, round);
      const alone = performance.now();
      const all = modules.map(setsOf);
      samples.generated.push((performance.now() - alone) / 1_000);
      files = all.flat().reduce((sum, set) => sum + set.files.length, 0);
      const [begun, used] = [performance.now(), process.cpuUsage()];
      const judged = await besideEachOther(modules, (module) => judgeSets(pool.check, setsOf(module)));
      samples.checked.push((performance.now() - begun) / 1_000);
      const { user, system } = process.cpuUsage(used);
      samples.work.push((user + system) / 1_000 / count);
      errors = judged.reduce((sum, { leftOut }) => sum + leftOut.length, 0);
      log(`round ${round + 1}: ${files} files, ${errors} sets with errors`);
    }
    const { threads } = pool;
    await pool.close();
    return {
      metrics: [
        { name: "first module, while the validators load", unit: "ms", samples: samples.first },
        { name: "generated", unit: "s", samples: samples.generated },
        {
          name: "generated and checked by every validator",
          unit: "s",
          samples: samples.checked,
          goal: { atMost: 10 },
        },
        { name: "processor time of that, per module", unit: "ms", samples: samples.work },
      ],
      facts: {
        modules: count,
        modulesAtOnce: deliveriesAtOnce,
        validatorThreads: threads,
        files,
        validators: validators.map(({ name }) => name).join(", "),
        errors,
      },
    };
  },
};

const deliveriesAtOnce = 8;

async function besideEachOther<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.values();
  const worker = async () => {
    for (const item of left) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: deliveriesAtOnce }, worker));
  return results;
}

type Modules = ReturnType<typeof sampleModules>;

function setsOf(module: Modules[number]): FileSet[] {
  const model = modelFor({ tenantId: "acme", module, folder: "", targetBranch: "main", environments });
  const policy = pipelinePolicySchema.parse({});
  const request = { repository: "acme/modules", over: "main", model, module, policy };
  return generateSets({ dialects, generators }, request).wanted;
}

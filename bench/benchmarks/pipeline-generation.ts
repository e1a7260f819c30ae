/** What it costs to generate every file of a thousand modules and to look at each with every validator of the process. */
import { dialects } from "../../src/adapters/dialect/index.ts";
import { validators } from "../../src/adapters/validator/index.ts";
import { findProblems } from "../../src/agents/devops-engineer/generation/find-problems.ts";
import { generateSets } from "../../src/agents/devops-engineer/generation/generate-sets.ts";
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
    const generated: number[] = [];
    const checked: number[] = [];
    let [files, findings] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const modules = sampleModules(count, round);
      const begun = performance.now();
      const sets = modules.map(setsOf);
      const written = performance.now();
      const found = [];
      for (const one of sets) found.push(...(await findProblems(validators, filesOf(one))));
      generated.push((written - begun) / 1_000);
      checked.push((performance.now() - begun) / 1_000);
      files = sets.reduce((sum, one) => sum + filesOf(one).length, 0);
      findings = found.filter(({ severity }) => severity === "error").length;
      log(`round ${round + 1}: ${files} files, ${findings} errors`);
    }
    return {
      metrics: [
        { name: "generated", unit: "s", samples: generated },
        {
          name: "generated and checked by every validator",
          unit: "s",
          samples: checked,
          goal: { atMost: 10 },
        },
      ],
      facts: {
        modules: count,
        files,
        validators: validators.map(({ name }) => name).join(", "),
        errors: findings,
      },
    };
  },
};

type Modules = ReturnType<typeof sampleModules>;

function setsOf(module: Modules[number]): FileSet[] {
  const model = modelFor({ tenantId: "acme", module, folder: "", targetBranch: "main", environments });
  const policy = pipelinePolicySchema.parse({});
  const request = { repository: "acme/modules", over: "main", model, module, policy };
  return generateSets({ dialects, generators }, request).wanted;
}

function filesOf(sets: FileSet[]) {
  return sets.flatMap((set) => set.files);
}

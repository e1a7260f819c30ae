/** A file that takes minutes begins first, so that no worker is left alone with it at the end. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

const slow = [
  "test/recovery/server-kill.test.ts",
  "test/e2e/languages.test.ts",
  "test/e2e/recovery.test.ts",
  "test/e2e/monorepo.test.ts",
  "test/agents/hand-over.db.test.ts",
  "test/recovery/kill-worker.db.test.ts",
  "test/e2e/governance.test.ts",
  "test/e2e/order.test.ts",
  "test/e2e/broken-modules.test.ts",
  "test/e2e/manual-triggers.test.ts",
  "test/agents/deployment-orchestrator-rollout.db.test.ts",
  "test/browser/approvals.browser.ts",
  "test/real/runner/languages.real.ts",
  "test/real/corpus/corpus.real.ts",
  "test/real/services/npm-services.real.ts",
  "test/real/runner/go-seeds.real.ts",
  "test/real/faults/kill-anything.real.ts",
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = slow.findIndex((file) => moduleId.endsWith(file));
  return place < 0 ? slow.length : place;
}

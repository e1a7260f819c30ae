/** What the scan of a release found and what was overridden, as its newest verdict has it: shown before anybody decides. */
import { z } from "zod";
import { artifactPath } from "../../domain/memory/artifact-path.ts";
import type { CveOverride } from "../../domain/release/check-evidence.ts";
import { overridesOf } from "../../domain/release/cve-override.ts";
import { releaseNumber, type Subject } from "../../domain/scope.ts";
import type { GateLine } from "../decisions/describe-decision.ts";
import { findRelease } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";

export const showFindingsInput = z.object({ releaseId: releaseNumber });

export interface ReleaseFindings {
  subject: Subject;
  environment: string;
  releaseId: string;
  version: string;
  /** The gate `scan`; null where the release was not evaluated yet. */
  scan: (Omit<GateLine, "gate"> & { effect?: string }) | null;
  overrides: CveOverride[];
}

const summarySchema = z.looseObject({
  version: z.string(),
  gates: z.array(z.looseObject({ gate: z.string(), status: z.string() })),
});

export async function showFindings(
  system: System,
  caller: Caller,
  { releaseId }: z.output<typeof showFindingsInput>,
): Promise<ReleaseFindings> {
  const { record, instance } = await findRelease(system, caller, releaseId);
  const { subject } = record;
  const { environment } = instance;
  const path = artifactPath(
    { ...subject, environment, releaseId },
    { kind: "releases", name: "ReleaseSummary.json" },
  );
  const [summary, overridden] = await Promise.all([
    system.store.artifact({ tenantId: subject.tenantId, path }),
    system.store.events(subject, { names: ["CveOverridden"] }),
  ]);
  const parsed = summary === undefined ? undefined : summarySchema.parse(JSON.parse(summary.content));
  const version = parsed?.version ?? "";
  const scan = parsed?.gates.find(({ gate }) => gate === "scan") ?? null;
  return {
    ...{ subject, environment, releaseId, version, scan },
    overrides: overridesOf(overridden, { releaseId, version }),
  };
}

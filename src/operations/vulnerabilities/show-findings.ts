/** What the scan of a release found, as its newest verdict has it, what became known since and what was overridden: shown before anybody decides. */
import { z } from "zod";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import { severities } from "../../domain/evidence/findings.ts";
import { artifactPath } from "../../domain/memory/artifact-path.ts";
import type { CveOverride } from "../../domain/release/check-evidence.ts";
import { overridesOf } from "../../domain/release/cve-override.ts";
import { wordsOf } from "../../domain/release/weigh-findings.ts";
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
  /** What became known while it was live, as it was told last; null where nothing did. */
  later: LaterFindings | null;
  overrides: CveOverride[];
}

export interface LaterFindings {
  /** When it was told, ISO 8601. */
  at: string;
  source: string;
  /** One line each. */
  findings: string[];
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
  const [summary, events] = await Promise.all([
    system.store.artifact({ tenantId: subject.tenantId, path }),
    system.store.events(subject, { names: ["CveOverridden", "VulnerabilityFound"] }),
  ]);
  const parsed = summary === undefined ? undefined : summarySchema.parse(JSON.parse(summary.content));
  const version = parsed?.version ?? "";
  const scan = parsed?.gates.find(({ gate }) => gate === "scan") ?? null;
  return {
    ...{ subject, environment, releaseId, version, scan },
    later: laterOf(events, releaseId),
    overrides: overridesOf(
      events.filter((event) => eventName(event) === "CveOverridden"),
      { releaseId, version },
    ),
  };
}

const toldSchema = z.looseObject({
  source: z.string(),
  findings: z.array(
    z.looseObject({
      id: z.string(),
      names: z.array(z.string()),
      package: z.string(),
      severity: z.enum(severities),
    }),
  ),
});

function laterOf(events: DeliveryEvent[], releaseId: string): LaterFindings | null {
  const told = events.findLast(
    (event) => eventName(event) === "VulnerabilityFound" && event.data.releaseId === releaseId,
  );
  const parsed = toldSchema.safeParse(told?.data);
  if (told === undefined || !parsed.success) return null;
  const { source, findings } = parsed.data;
  return { at: told.time, source, findings: findings.map((one) => wordsOf({ ...one, named: true })) };
}

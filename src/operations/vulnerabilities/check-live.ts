/** Looks at once, and not in its turn, whether what serves would be let in by what is known now; what follows is the watch's. */
import { z } from "zod";
import { wordsOf } from "../../domain/release/weigh-findings.ts";
import { slug } from "../../domain/scope.ts";
import type { LedgerEntry } from "../../ports/release-ledger.ts";
import type { Caller, System } from "../system.ts";
import type { Judgement } from "./judge-live.ts";
import { lookAtPlace } from "./vulnerability-watch.ts";

export const checkLiveInput = z.object({ environment: slug.optional(), moduleId: slug.optional() });

export interface LiveCheck {
  environment: string;
  moduleId: string;
  releaseId: string;
  version: string;
  status: Judgement["status"];
  /** Why nobody can say. */
  why?: string;
  /** What would keep it out, one line each. */
  findings: string[];
  /** Whether policy takes such a release back. */
  revokes: boolean;
}

export interface LiveChecks {
  /** Releases that serve, place by place. */
  places: LiveCheck[];
}

export async function checkLive(
  system: System,
  { tenantId }: Caller,
  { environment, moduleId }: z.output<typeof checkLiveInput>,
): Promise<LiveChecks> {
  const places = (await system.ledger.places()).filter(
    (place) =>
      place.tenantId === tenantId &&
      (environment === undefined || place.environment === environment) &&
      (moduleId === undefined || place.moduleId === moduleId),
  );
  const found: LiveCheck[] = [];
  for (const place of places) {
    const looked = await lookAtPlace(system, place);
    if (looked !== undefined) found.push(reportOf(looked.entry, looked.judgement));
  }
  return { places: found };
}

function reportOf(
  { environment, moduleId, releaseId, version }: LedgerEntry,
  judgement: Judgement,
): LiveCheck {
  const { status } = judgement;
  const base = { environment, moduleId, releaseId, version, status };
  if (status === "Fails")
    return {
      ...base,
      findings: judgement.findings.map(wordsOf),
      revokes: judgement.scan.later === "revoke",
    };
  return { ...base, findings: [], revokes: false, ...(status === "Unknown" && { why: judgement.why }) };
}

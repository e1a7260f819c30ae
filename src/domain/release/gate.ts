/** A gate is one condition of release. It looks at evidence and answers; it never acts. */
import type { Digests } from "../event/event-catalogue.ts";
import type { ProducerKind } from "../evidence/weigh-tests.ts";
import type { FreezeEvidence } from "../freeze/freeze-override.ts";
import type { ModuleSpec } from "../module/module-spec.ts";
import { type Refusal, refusalEffects } from "../refusal.ts";
import type { CheckEvidence } from "./check-evidence.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import type { EvidenceWait } from "./evidence-wait.ts";
import type { PolicyBlock } from "./policy-block.ts";
import type { Quorum } from "./quorum.ts";
import type { SupplyChainEvidence } from "./supply-chain-evidence.ts";
import type { Readiness } from "./trace-view.ts";

/** All that gates may look at; gathered by the Release Manager. */
export interface Evidence {
  now: string;
  /** Absent where no release is asked about, but what is live. */
  releaseId?: string;
  policy: EffectivePolicy;
  module: ModuleSpec;
  version: string;
  digests: Digests;
  /** Newest evidence of tests for exactly this tree. */
  tests?: { passed: boolean; applicable: boolean; producer: string; eventId: string; summary: string };
  /** Names that the module needs and that are not set in this environment. */
  missingSettings: string[];
  /** Where the module's secrets are, in words, where that is a vault outside. */
  vault?: string;
  /** When this version was taken out of the environment by a rollback that nobody has overruled. */
  held?: { at: string; reason: string; version: string };
  /** Enforcers outside that keep these bytes from being released. */
  blocks: PolicyBlock[];
  /** Freezes of this scope that are active now. */
  freeze: FreezeEvidence;
  /** Until when a person put the release off, ISO 8601. */
  postponed?: { until: string; by: string; reason: string };
  /** Of each module that this one depends on, whether it is there. */
  dependencies: Readiness[];
  /** Where modules of the trace wait for each other: `a, b, a`. */
  cycle?: string[];
  /** When the release was proposed, ISO 8601. */
  proposedAt: string;
  quorum: Quorum;
  checks: CheckEvidence;
  supplyChain: SupplyChainEvidence;
  /** There where policy lets a release wait for what others hand in. */
  evidenceWait?: EvidenceWait;
}

export type GateAnswer =
  | { status: "Passed"; evidence: string }
  | { status: "NotApplicable"; evidence: string }
  | {
      status: "Failed";
      refusal: Refusal;
      until?: string;
      /** All that was found, one line each, where the refusal names the first alone. */
      findings?: readonly string[];
      /** Evidence that is not there, and that somebody whom the tenant lists for it may still hand in. */
      lacks?: ProducerKind;
      /** It may come, so that the release waits for it, whatever the refusal does otherwise. */
      holds?: true;
    };

export interface Gate<Ground = Evidence> {
  name: string;
  /** People are asked for their approval while it holds: it is looked at when they have given it. */
  afterApproval?: true;
  answer(evidence: Ground): GateAnswer;
}

/** What the gates look at that are asked again before anything is dispatched. */
export type DispatchGround = Pick<Evidence, "policy" | "digests" | "supplyChain" | "blocks" | "module">;

export interface GateResult {
  gate: string;
  /** `Held`: it does not pass now, and that does not end the release. */
  status: GateAnswer["status"] | "Held";
  effect?: "holds" | "rejects" | "refuses";
  evidence?: string;
  refusal?: Refusal;
  until?: string;
  findings?: readonly string[];
  /** It is evidence that may still come. */
  awaited?: true;
}

export function failed(code: Refusal["code"], message: string, next: string): GateAnswer {
  return { status: "Failed", refusal: { code, message, next } };
}

/** The same where what is asked for is not there, or not yet. */
export function lacking(kind: ProducerKind, answer: GateAnswer): GateAnswer {
  return answer.status === "Failed" ? { ...answer, lacks: kind } : answer;
}

export function toResult(gate: Gate, answer: GateAnswer): GateResult {
  if (answer.status !== "Failed")
    return { gate: gate.name, status: answer.status, evidence: answer.evidence };
  const { refusal, until, findings, holds } = answer;
  const effect = holds === true ? "holds" : refusalEffects[refusal.code];
  const status = effect === "holds" ? "Held" : "Failed";
  const result: GateResult = { gate: gate.name, status, refusal, effect };
  return {
    ...result,
    ...(until !== undefined && { until }),
    ...(findings !== undefined && { findings }),
    ...(holds === true && { awaited: true as const }),
  };
}

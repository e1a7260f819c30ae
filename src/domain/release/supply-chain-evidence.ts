/** What vouches for the bytes of a release and for its plans, verified when it was gathered. */
import type { ListedComponent } from "../supply-chain/read-sbom.ts";

/** `by` and `why` are words for people. */
export type Vouched = { good: true; by: string } | { good: false; why: string };

export type SbomEvidence =
  | { status: "Missing"; why: string }
  /** `problem`: why it is no SBOM of this artifact, or none that fits its schema. */
  | { status: "There"; by: string; digest: string; problem?: string; components: ListedComponent[] };

export type ProvenanceEvidence =
  | { status: "Missing"; why: string }
  | { status: "There"; builder: string; digest: string; problem?: string };

/** Each is there where policy asks for it. */
export interface SupplyChainEvidence {
  sbom?: SbomEvidence;
  provenance?: ProvenanceEvidence;
  /** By a key that the tenant trusts, for exactly these digests. */
  artifact?: Vouched;
  signedSbom?: Vouched;
  /** `none`: the artifact is no image. */
  image?: Vouched | "none";
  pipelines?: Vouched;
  plan?: Vouched;
  /** `away`: the repository is on another host. */
  commits?: Vouched | "away";
  /** What a failed rollout would go back to. */
  rollback?: { allowed: boolean; to: string | undefined } | "none";
  /** Where it would run. */
  placement: Placement;
}

export interface Placement {
  /** For whom the plans were made. */
  planned: { tenantId: string; environment: string; moduleId: string; namespace: string } | undefined;
  expected: { tenantId: string; moduleId: string };
  /** Expressions that names must match. */
  naming: { namespaces?: string | undefined; modules?: string | undefined };
}

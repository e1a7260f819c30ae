/** The release that a verdict is asked for, with all that was read to begin with. */
import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { BoundDetails } from "../../domain/release/bound-details.ts";
import type { EffectivePolicy } from "../../domain/release/effective-policy.ts";
import type { Hotfix } from "../../domain/release/hotfix.ts";
import type { TraceView } from "../../domain/release/trace-view.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Count } from "../count-votes.ts";

export interface Proposal {
  tenant: Tenant;
  /** With what an approved hotfix makes of it. */
  policy: EffectivePolicy;
  hotfix?: Hotfix;
  environment: string;
  releaseId: string;
  version: string;
  digests: Digests;
  /** What stands behind them. */
  details: BoundDetails;
  count: Count;
  /** The trace as it stands in the environment. */
  trace: TraceView;
}

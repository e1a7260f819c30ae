import type { SupplyChainEvidence } from "../../domain/release/supply-chain-evidence.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Delegations } from "../../ports/delegations.ts";
import type { ExternalGates } from "../../ports/external-gates.ts";
import type { CheckFiles } from "../../ports/file-validator.ts";
import type { Freezes } from "../../ports/freezes.ts";
import type { LostOverrider } from "../../ports/overriders.ts";
import type { ReleaseLedger } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Signer } from "../../ports/signer.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { Traces } from "../../ports/traces.ts";
import type { VulnerabilityData } from "../../ports/vulnerability-data.ts";
import type { Bound } from "../approval-digests.ts";

/** All that the Release Manager may reach: it reads, numbers releases, and acts on nothing. */
export interface ReleaseManagerPorts {
  ledger: Pick<ReleaseLedger, "allocate" | "isHeld" | "current">;
  settings: Pick<Settings, "listConfig" | "listSecrets">;
  tenants: Pick<Tenants, "get">;
  freezes: Freezes;
  lostOverrider: LostOverrider;
  externalGates: ExternalGates;
  traces: Traces;
  delegations: Pick<Delegations, "list">;
  signer: Pick<Signer, "keys">;
  vulnerabilities: VulnerabilityData;
  /** By CycloneDX's own schema. */
  checkFiles: CheckFiles;
  /** Of the delivery at hand, up to a commit. */
  verifyCommits(context: AgentContext, commit: string): Promise<NonNullable<SupplyChainEvidence["commits"]>>;
  /** What an approval binds, as it is now. */
  readBound(context: AgentContext): Promise<Bound>;
  /** Files that differ between two commits; undefined where this host cannot tell. */
  countFiles(repository: string, before: string, after: string): Promise<number | undefined>;
}

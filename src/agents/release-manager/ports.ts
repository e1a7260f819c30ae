import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Freezes } from "../../ports/freezes.ts";
import type { ReleaseLedger } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { Traces } from "../../ports/traces.ts";

/** All that the Release Manager may reach: it reads, numbers releases, and acts on nothing. */
export interface ReleaseManagerPorts {
  ledger: Pick<ReleaseLedger, "allocate" | "isHeld" | "current">;
  settings: Pick<Settings, "listConfig" | "listSecrets">;
  tenants: Pick<Tenants, "get">;
  freezes: Freezes;
  traces: Traces;
  readDigests(context: AgentContext): Promise<Digests>;
}

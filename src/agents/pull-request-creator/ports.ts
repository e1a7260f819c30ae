import type { Forge } from "../../ports/forge.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import type { Tenants } from "../../ports/tenants.ts";

export interface PullRequestCreatorPorts {
  sourceControl: SourceControl;
  forge: Forge;
  tenants: Pick<Tenants, "get">;
}

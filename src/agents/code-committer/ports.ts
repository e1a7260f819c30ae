import type { SecretScanner } from "../../ports/secret-scanner.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import type { Tenants } from "../../ports/tenants.ts";

export interface CodeCommitterPorts {
  sourceControl: SourceControl;
  tenants: Pick<Tenants, "get">;
  secretScanner: SecretScanner;
}

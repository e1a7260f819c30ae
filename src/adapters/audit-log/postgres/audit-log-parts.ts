/** What the log of a tenant is made with. */
import type { Pool } from "pg";
import type { Clock } from "../../../ports/clock.ts";
import type { Signer } from "../../../ports/signer.ts";

export interface AuditLogParts {
  pool: Pool;
  signer: Signer;
  clock: Clock;
  /** Where the files are; one for each tenant. */
  directory: string;
  /** Name of this host: each has published for itself. */
  host: string;
}

/** Keeps who votes in whose place. Nothing made is removed. */
import type { Delegation } from "../domain/release/delegation.ts";

export interface Delegations {
  /** All that were ever made in the tenant, oldest first. */
  list(tenantId: string): Promise<Delegation[]>;
  /** Refuses with Conflict where the same role of the same person is delegated for a part of the same time. */
  add(tenantId: string, delegation: Delegation): Promise<void>;
  /** Takes one back; one that was taken back before stays as it is. Undefined where there is none of this id. */
  end(tenantId: string, id: string, ended: { at: string; by: string }): Promise<Delegation | undefined>;
}

/** What providers said last of people who signed in. */
import type { SeenSignIn } from "../domain/tenant/people-by-groups.ts";

export interface SignIns {
  /**
   * Keeps what is newer than what is known; an old token brings back nothing. Who is not known and has none of the groups
   * is not kept. Returns whether they lost a group that they were known to have.
   */
  keep(tenantId: string, seen: SeenSignIn): Promise<boolean>;
  list(tenantId: string): Promise<SeenSignIn[]>;
}

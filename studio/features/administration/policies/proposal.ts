/** A change of policy that waits for a second person. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Proposal = components["schemas"]["ListedProposal"];

/**
 * Asked before an agent begins: an agent acts as itself and as the person who sponsors the delivery, and may do what
 * both may. Refuses with SponsorMissing, or with the rule that denies it to the agent.
 */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { Invocation } from "./agent.ts";

export type AuthoriseAgent = (invocation: Invocation, handOver: HandOver) => Promise<void>;

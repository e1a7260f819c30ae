/**
 * The one place where it is decided who may do what. What is not permitted is denied, and one policy that forbids
 * outweighs all that permit. The same question to the same policies has the same answer; nothing is remembered.
 */
import type {
  AccessDecision,
  AccessQuestion,
  Mention,
  NearestPermit,
  OwnPolicy,
  PolicyProblem,
  Rule,
} from "../domain/access/access-question.ts";

export interface PolicyDecisions {
  /**
   * Decides by the built-in policies and the tenant's own. Own policies that do not fit the schema deny everything
   * but the management of the tenant, which then goes by the built-in ones alone.
   */
  decide(question: AccessQuestion, own: readonly OwnPolicy[]): Promise<AccessDecision>;
  /** What would be answered to each of these; nobody has asked for it, so it counts nowhere. */
  ask(questions: readonly AccessQuestion[], own: readonly OwnPolicy[]): Promise<AccessDecision[]>;
  /** Of a question that nothing permitted: which roles, or roles and claim, would have been enough. */
  nearest(question: AccessQuestion, own: readonly OwnPolicy[]): Promise<NearestPermit[]>;
  /** What is wrong with policies of a tenant's own: syntax, types, names, what can never apply. Never throws. */
  check(own: readonly OwnPolicy[]): Promise<PolicyProblem[]>;
  /** What a tenant's own policies name. Refuses with PolicyInvalid what does not parse. */
  mentions(own: readonly OwnPolicy[]): Promise<Mention[]>;
  /** The built-in policies, and the tenant's own, in this order. Refuses with PolicyInvalid what does not parse. */
  rules(own: readonly OwnPolicy[]): Promise<Rule[]>;
}

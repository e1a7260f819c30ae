/** Writes a decision in the caller's own tenant's journal: every denial, and every permit of what changes something. */
import type { AccessDecision, AccessQuestion, Resource } from "../../domain/access/access-question.ts";
import { actions } from "../../domain/access/actions.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { System } from "../system.ts";

export async function recordAccess(
  system: Pick<System, "journal">,
  question: AccessQuestion,
  decision: AccessDecision & { code?: string },
): Promise<void> {
  const { principal, action, resource, circumstances } = question;
  const { allowed, rules, digest, code } = decision;
  if (allowed && !actions[action].changes) return;
  const data: JsonObject = {
    action,
    resource: resourceData(resource),
    roles: [...principal.roles],
    ...(principal.claims.length > 0 && { claims: [...principal.claims] }),
    policies: rules.map(({ id, from }) => (from === "tenant" ? `tenant.yaml/${id}` : id)),
    policyDigest: digest,
    method: circumstances.method,
    ...(code !== undefined && { code }),
  };
  const act = allowed ? "AccessPermitted" : "AccessDenied";
  await system.journal.append(principal.tenantId, [{ act, actor: principal.id, data }]);
}

function resourceData(resource: Resource): JsonObject {
  return { ...resource };
}

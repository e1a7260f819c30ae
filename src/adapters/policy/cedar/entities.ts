/** A question in Cedar's words. */
import type { EntityJson, StatefulAuthorizationCall, TypeAndId } from "@cedar-policy/cedar-wasm/nodejs";
import type { AccessQuestion, Resource } from "../../../domain/access/access-question.ts";

export type CedarQuestion = Pick<
  StatefulAuthorizationCall,
  "principal" | "resource" | "context" | "entities"
> & {
  action: TypeAndId;
};

export function cedarQuestion({ principal, action, resource, circumstances }: AccessQuestion): CedarQuestion {
  // The type says already what it is: `Agent::"code-committer"`.
  const who = { type: principal.kind, id: principal.id.replace(/^(agent|service):/, "") };
  const { rolesAsked, ...context } = circumstances;
  return {
    principal: who,
    action: { type: "Action", id: action },
    resource: uidOf(resource),
    context: { ...context, rolesAsked: [...rolesAsked] },
    entities: [
      {
        uid: who,
        attrs: {
          tenant: { __entity: tenant(principal.tenantId) },
          roles: [...principal.roles],
          anywhere: [...principal.anywhere],
          claims: [...principal.claims],
        },
        parents: principal.roles.map((role) => ({ type: "Role", id: role })),
      },
      resourceEntity(resource),
    ],
  };
}

function resourceEntity(resource: Resource): EntityJson {
  const uid = uidOf(resource);
  return {
    uid,
    attrs: { tenant: { __entity: tenant(resource.tenantId) } },
    parents: parentsOf(resource, uid.type),
  };
}

/** The narrowest thing that is named. */
function uidOf({ tenantId, environment, moduleId, traceId, releaseId, repository }: Resource): TypeAndId {
  if (releaseId !== undefined) return { type: "Release", id: releaseId };
  if (repository !== undefined) return { type: "Repository", id: repository };
  if (traceId !== undefined) return { type: "Delivery", id: deliveryId(traceId, moduleId) };
  if (environment !== undefined && moduleId !== undefined)
    return { type: "Place", id: `${environment}/${moduleId}` };
  if (environment !== undefined) return { type: "Environment", id: environment };
  if (moduleId !== undefined) return { type: "Module", id: moduleId };
  return tenant(tenantId);
}

function parentsOf(resource: Resource, type: string): TypeAndId[] {
  const { tenantId, environment, moduleId, traceId } = resource;
  if (type === "Tenant") return [];
  const parents = [tenant(tenantId)];
  if (["Environment", "Module", "Repository"].includes(type)) return parents;
  if (environment !== undefined) parents.push({ type: "Environment", id: environment });
  if (moduleId !== undefined) parents.push({ type: "Module", id: moduleId });
  if (type === "Release" && traceId !== undefined)
    parents.push({ type: "Delivery", id: deliveryId(traceId, moduleId) });
  return parents;
}

function tenant(id: string): TypeAndId {
  return { type: "Tenant", id };
}

function deliveryId(traceId: string, moduleId: string | undefined): string {
  return moduleId === undefined ? traceId : `${traceId}/${moduleId}`;
}

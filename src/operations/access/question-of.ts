/** Makes the question of a wish: who the caller is here, what it is about, and what the environment's policy asks. */
import type {
  AccessQuestion,
  Circumstances,
  HeldRole,
  Principal,
  Resource,
} from "../../domain/access/access-question.ts";
import { isBeyond } from "../../domain/access/access-token.ts";
import { type Action, doesTo } from "../../domain/access/actions.ts";
import { type AgentPlace, isWithheld } from "../../domain/agent/agent-settings.ts";
import { withoutCredentials } from "../../domain/delivery/source-address.ts";
import { rolesAsked } from "../../domain/release/approval-policy.ts";
import { effectivePolicy } from "../../domain/release/effective-policy.ts";
import { mayComeFrom, mayTouch, type SourcePlace } from "../../domain/tenant/repository-rights.ts";
import type { Role } from "../../domain/tenant/role.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { isOwnDelivery } from "../own-change.ts";
import type { Caller, System } from "../system.ts";

/** What somebody wants to do, and to what: the more is named, the narrower a role may be that is enough. */
export interface Wish {
  action: Action;
  /** Absent: the caller's own. */
  tenantId?: string | undefined;
  environment?: string | undefined;
  moduleId?: string | undefined;
  traceId?: string | undefined;
  releaseId?: string | undefined;
  repository?: string | undefined;
  branch?: string | undefined;
  /** Where a module is handed over from. */
  source?: SourcePlace | undefined;
  /** It is the caller's own: a change that they handed over or wrote, a token of theirs. */
  own?: boolean | undefined;
  /** The role that a delegation passes on. */
  lends?: Role | undefined;
}

export async function questionOf(
  system: System,
  caller: Caller,
  { tenant, wish }: { tenant: Tenant; wish: Wish },
): Promise<AccessQuestion> {
  const resource = await resourceOf(system, caller, wish);
  const own = wish.own ?? (await isOwn(system, caller, { resource, action: wish.action }));
  const question = questionAbout(tenant, caller, { resource, action: wish.action, own });
  if (wish.source !== undefined && !mayComeFrom(tenant.repositories, wish.source))
    question.circumstances.beyondRights = true;
  if (wish.lends === undefined) return question;
  return { ...question, circumstances: { ...question.circumstances, rolesAsked: [wish.lends] } };
}

/** Where who asks does not know it. What else asks for it knows the change, and says so. */
async function isOwn(
  system: System,
  { person, tenantId }: Caller,
  { resource, action }: { resource: Resource; action: Action },
): Promise<boolean> {
  return (
    action === "hotfix" && resource.tenantId === tenantId && (await isOwnDelivery(system, resource, person))
  );
}

/** The same question, where everything that it is about is known. */
export function questionAbout(
  tenant: Tenant,
  caller: Caller,
  { resource, action, own }: { resource: Resource; action: Action; own: boolean },
): AccessQuestion {
  const { environment } = resource;
  const known = tenant.environments.some(({ id }) => id === environment);
  const principal = principalOf(tenant, caller, environment);
  const policy =
    known && environment !== undefined ? effectivePolicy(tenant, { ...resource, environment }) : undefined;
  return {
    action,
    resource,
    principal,
    circumstances: {
      method: caller.method,
      approvalNeeded: policy?.requiresApproval ?? true,
      own,
      singlePerson: policy?.selfApproval ?? false,
      rolesAsked: policy === undefined ? [] : rolesAsked(policy),
      ...repositoryFacts(tenant, principal, { action, resource }),
      ...(isKept(tenant, caller.person, { action, place: resource }) && { withheld: true }),
      ...(isBeyond(caller.limits ?? {}, { action, environment }) && { beyondToken: true }),
    },
  };
}

function repositoryFacts(
  { repositories }: Tenant,
  who: Principal,
  { action, resource }: { action: Action; resource: Resource },
): Pick<Circumstances, "branch" | "beyondRights"> {
  const { repository, branch } = resource;
  if (repository === undefined) return {};
  const may = mayTouch(repositories, who, { does: doesTo(action), repository, branch });
  return { ...(branch !== undefined && { branch }), ...(!may && { beyondRights: true }) };
}

/** What an overlay keeps from an agent, by what is known of the place. */
function isKept(
  tenant: Tenant,
  who: string,
  { action, place }: { action: Action; place: AgentPlace },
): boolean {
  return (
    who.startsWith(agentPrefix) &&
    isWithheld(tenant, { agentId: who.slice(agentPrefix.length), action }, place)
  );
}

const agentPrefix = "agent:";

function principalOf(tenant: Tenant, caller: Caller, environment: string | undefined): Principal {
  const { person: id, tenantId } = caller;
  if (id.startsWith(agentPrefix)) {
    const roles: HeldRole[] = ["Agent"];
    return { kind: "Agent", id, tenantId, roles, anywhere: roles, claims: [] };
  }
  const declared = tenant.people.find((person) => person.id === id);
  const scoped = { ...declared?.environments, ...caller.environmentRoles };
  const here = environment === undefined ? [] : (scoped[environment] ?? []);
  return {
    kind: id.startsWith("service:") ? "ServiceAccount" : "Person",
    id,
    tenantId,
    roles: [...new Set([...caller.roles, ...here])],
    anywhere: [...new Set([...caller.roles, ...Object.values(scoped).flat()])],
    claims: caller.claims ?? declared?.claims ?? [],
  };
}

function addressOf(source: SourcePlace): string {
  return "folder" in source ? source.folder : withoutCredentials(source.git);
}

/** A release says by itself which environment and module it is of. Of another tenant nothing is looked up. */
async function resourceOf(system: System, caller: Caller, wish: Wish): Promise<Resource> {
  const { action: _, own: __, lends: ___, source, tenantId = caller.tenantId, ...named } = wish;
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const resource: Resource = {
    ...given,
    tenantId,
    ...(source !== undefined && { source: addressOf(source) }),
  };
  const { releaseId } = resource;
  if (releaseId === undefined || resource.environment !== undefined || tenantId !== caller.tenantId)
    return resource;
  const subject = await system.store.findByRelease(tenantId, releaseId);
  const record = subject === undefined ? undefined : await system.store.load(subject);
  const instances = Object.values(record?.state.instances ?? {});
  const environment = instances.find((instance) => instance.releaseId === releaseId)?.environment;
  const { traceId, moduleId } = subject ?? {};
  return {
    ...resource,
    ...(traceId !== undefined && { traceId }),
    ...(moduleId !== undefined && { moduleId }),
    ...(environment !== undefined && { environment }),
  };
}

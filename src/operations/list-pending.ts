/** What waits for people: each release that asked for approval, who may give it, and exactly what it binds. */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import type { Digests } from "../domain/event/event-catalogue.ts";
import { type EffectivePolicy, effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { expedited, hotfixEvents, hotfixOf } from "../domain/release/hotfix.ts";
import { eligible, refusalOfVoter } from "../domain/release/quorum.ts";
import type { Subject } from "../domain/scope.ts";
import type { Role } from "../domain/tenant/tenant.ts";
import type { Caller, System } from "./system.ts";

export interface PendingRelease {
  releaseId: string;
  subject: Subject;
  environment: string;
  version: string;
  /** When approval was asked for, ISO 8601. */
  since: string;
  roles: Role[];
  minApprovers: number;
  /** Whose votes count so far. */
  granted: string[];
  /** People whose vote would count. */
  eligible: string[];
  mayApprove: boolean;
  /** Why the caller may not. */
  why?: string;
  digests: Digests;
  /** What the rollout would do that no rollback takes back, one sentence each. */
  irreversible: string[];
  sponsor: string;
  /** The policy that the approval binds. */
  policy: EffectivePolicy;
}

export async function listPending(system: System, caller: Caller): Promise<PendingRelease[]> {
  const { store } = system;
  const waiting = await store.list({
    tenantId: caller.tenantId,
    phase: "open",
    state: "awaiting_approval",
    limit: 1_000,
  });
  const found = await Promise.all(waiting.map((summary) => pendingOf(system, caller, summary.subject)));
  return found.flat().sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** Every release of one delivery that waits for approval now. */
export async function pendingOf(system: System, caller: Caller, subject: Subject): Promise<PendingRelease[]> {
  const record = await system.store.load(subject);
  if (record?.handOver === undefined) return [];
  const told = await system.store.events(subject, { names: ["ApprovalRequested", ...hotfixEvents] });
  const requests = told.filter((event) => eventName(event) === "ApprovalRequested");
  return await Promise.all(
    Object.values(record.state.instances).flatMap((instance) => {
      const { environment, releaseId, snapshot, halted } = instance;
      // What a cancelled or superseded delivery waited for is asked of nobody any more.
      if (environment === undefined || halted || snapshot.value !== "awaiting_approval") return [];
      const request = requests.findLast((event) => event.data.releaseId === releaseId);
      return request === undefined ? [] : [describe(system, caller, { record, environment, request, told })];
    }),
  );
}

async function describe(
  system: System,
  caller: Caller,
  found: { record: DeliveryRecord; environment: string; request: DeliveryEvent; told: DeliveryEvent[] },
): Promise<PendingRelease> {
  const { record, environment, request, told } = found;
  const tenant = await system.tenants.get(record.subject.tenantId);
  const sponsor = record.handOver?.sponsor ?? "";
  const usual = effectivePolicy(tenant, policyAsked(record, environment));
  const release = { releaseId: String(request.data.releaseId), environment };
  const statements = told.map((event) => ({ ...event, name: eventName(event) }));
  const policy = expedited(usual, hotfixOf(statements, release), sponsor);
  const why = refusalOfVoter({ tenant, policy, sponsor }, caller.person)?.message;
  return {
    releaseId: String(request.data.releaseId),
    subject: record.subject,
    environment,
    version: String(request.data.version),
    since: request.time,
    roles: policy.roles,
    minApprovers: policy.minApprovers,
    granted: Array.isArray(request.data.granted) ? request.data.granted.map(String) : [],
    eligible: eligible({ tenant, policy, sponsor }),
    mayApprove: why === undefined,
    ...(why !== undefined && { why }),
    digests: request.data.digests as unknown as Digests,
    irreversible: Array.isArray(request.data.irreversible) ? request.data.irreversible.map(String) : [],
    sponsor,
    policy,
  };
}

/** Releases that are held by what a scan found: a SecurityReviewer looks at it, and lets it pass or leaves it. */
import { eventName } from "../../domain/event/event.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { authorsOf, sponsorsOf } from "../../domain/release/authors.ts";
import { type Subject, subjectKey } from "../../domain/scope.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";

export interface FindingsToWeigh {
  releaseId: string;
  /** When it was held by them first, ISO 8601. */
  at: string;
  message: string;
  /** SecurityReviewers who neither handed the change over nor wrote it. */
  mayOverride: string[];
}

export async function findingsToWeigh(system: System, { tenantId }: Caller): Promise<FindingsToWeigh[]> {
  const query = { tenantId, phase: "open", state: "delayed", limit: 1_000 } as const;
  const held = new Map(
    (await system.store.list(query)).map(({ subject }) => [subjectKey(subject), subject] as const),
  );
  if (held.size === 0) return [];
  const tenant = await peopledTenant(system, tenantId);
  return (await Promise.all([...held.values()].map((subject) => ofDelivery(system, tenant, subject)))).flat();
}

async function ofDelivery(system: System, tenant: Tenant, subject: Subject): Promise<FindingsToWeigh[]> {
  const [record, events] = await Promise.all([
    system.store.load(subject),
    system.store.events(subject, { names: ["ReleaseDelayed", "PullRequestMerged"] }),
  ]);
  const { handOver } = record ?? {};
  if (record === undefined || handOver === undefined) return [];
  const merged = events.findLast((event) => eventName(event) === "PullRequestMerged");
  const concerned = [...sponsorsOf(handOver), ...authorsOf(tenant, merged?.data)];
  return Object.values(record.state.instances).flatMap(({ halted, snapshot, releaseId, environment }) => {
    if (halted || snapshot.value !== "delayed" || releaseId === undefined) return [];
    const verdicts = events.filter(({ data }) => data.releaseId === releaseId);
    const newest = verdicts.at(-1);
    const warning = newest && warningIn(newest.data.reasons);
    if (newest === undefined || warning === undefined) return [];
    const since = verdicts.find(({ data }) => warningIn(data.reasons) !== undefined) ?? newest;
    const mayOverride = reviewers(tenant, environment).filter((person) => !concerned.includes(person));
    return [{ releaseId, at: since.time, message: warning.message, mayOverride }];
  });
}

function warningIn(reasons: unknown): Refusal | undefined {
  return (reasons as Refusal[] | undefined)?.find(({ code }) => code === "ScanWarning");
}

function reviewers({ people }: Tenant, environment = ""): string[] {
  return people
    .filter(({ roles, environments }) =>
      [...roles, ...(environments?.[environment] ?? [])].includes("SecurityReviewer"),
    )
    .map(({ id }) => id);
}

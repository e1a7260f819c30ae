/** Reads a trace from its deliveries, their chains and the ledger. */
import { type DeliveryRecord, isOver, mainInstance } from "../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { DeliveryFacts, ModuleFacts } from "../domain/release/trace-view.ts";
import { currentOf } from "../domain/rollout/deployment-facts.ts";
import type { DeliverySummary, EngineStore } from "../ports/engine-store.ts";
import type { LedgerEntry, ReleaseLedger } from "../ports/release-ledger.ts";
import type { Traces } from "../ports/traces.ts";

/** More modules than any trace has. */
const mostModules = 1_000;

type At = Parameters<Traces["read"]>[0];

export function createTraceReader(ports: {
  store: Pick<EngineStore, "list" | "load" | "events">;
  ledger: Pick<ReleaseLedger, "history">;
}): Traces {
  const { store, ledger } = ports;
  return {
    async read(at) {
      const { tenantId, traceId, environment } = at;
      const summaries = await store.list({ tenantId, traceId, limit: mostModules });
      const parts = await Promise.all(summaries.map((summary) => readPart(summary, at)));
      const known = parts.map(({ moduleId }) => moduleId);
      const named = new Set(parts.flatMap(({ delivery }) => delivery?.dependsOn ?? []));
      const others = [...named].filter((moduleId) => !known.includes(moduleId));
      const outside = await Promise.all(others.map((moduleId) => readOutside(moduleId, at)));
      const modules = [...parts, ...outside].toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
      return { traceId, environment, modules };
    },
  };

  async function readPart(summary: DeliverySummary, at: At): Promise<ModuleFacts> {
    const { subject } = summary;
    const place = { ...at, moduleId: subject.moduleId };
    const [record, events, history] = await Promise.all([
      store.load(subject),
      store.events(subject, { names: [...failing, ...afresh] }),
      ledger.history(place),
    ]);
    const base = { moduleId: subject.moduleId, known: true, ...servingIn(history) };
    if (record === undefined) return base;
    return { ...base, delivery: deliveryFacts(summary, record, { at, events, history }) };
  }

  async function readOutside(moduleId: string, at: At): Promise<ModuleFacts> {
    const history = await ledger.history({ ...at, moduleId });
    const known =
      history.length > 0 || (await store.list({ tenantId: at.tenantId, moduleId, limit: 1 })).length > 0;
    return { moduleId, known, ...servingIn(history) };
  }
}

function deliveryFacts(
  { active, createdAt }: DeliverySummary,
  { handOver, state }: DeliveryRecord,
  { at, events, history }: { at: At; events: DeliveryEvent[]; history: LedgerEntry[] },
): DeliveryFacts {
  const { environment, traceId } = at;
  const releaseId = state.instances[environment]?.releaseId;
  const failure = failureIn(events, environment);
  const served = history.findLast((fact) => fact.traceId === traceId && fact.outcome !== "Failed");
  return {
    version: handOver?.module.version ?? "",
    dependsOn: handOver?.module.dependsOn ?? [],
    goesHere: handOver?.environments.includes(environment) === true,
    handedOverAt: createdAt,
    states: active[environment] ?? active[mainInstance] ?? [],
    hasServed: served !== undefined && served.outcome !== "RolledBack",
    ...(releaseId !== undefined && { releaseId }),
    ...(isOver(state.phase) && { over: state.phase as "cancelled" | "superseded" }),
    ...(failure !== undefined && { failure }),
  };
}

/** A restored release is still the one of the trace that first deployed it. */
function servingIn(history: LedgerEntry[]): Pick<ModuleFacts, "serving"> {
  const current = currentOf(history);
  const deployed = history.find(
    (fact) => fact.releaseId === current?.releaseId && fact.outcome === "Deployed",
  );
  if (current === undefined) return {};
  const { releaseId, version, at: since } = current;
  const { traceId, at } = deployed ?? current;
  return { serving: { releaseId, version, traceId, deployedAt: at, since } };
}

const failing: EventName[] = [
  "AgentFailed",
  "DeploymentFailed",
  "EnvironmentDestroyed",
  "EscalationRaised",
  "ReleaseRejected",
  "ReleaseRevoked",
  "RollbackCompleted",
  "RollbackFailed",
];
/** After one of these it is on its way again. */
const afresh: EventName[] = ["AgentInvoked", "DeploymentCompleted", "FlowMoved", "ReleaseRestored"];

/** The newest failure in the environment, or before it came to any, after which nothing was begun again. */
function failureIn(events: DeliveryEvent[], environment: string): DeliveryFacts["failure"] {
  const telling = events.filter(
    (event) =>
      event.data.late !== true &&
      event.data.retryAt === undefined &&
      (event.environment === environment || event.environment === undefined),
  );
  const here = telling.filter((event) => event.environment === environment);
  // Once it has come here, what its own flow did before says nothing any more.
  const own = here.length > 0 ? here : telling;
  const begun = own.findLast((event) => afresh.includes(eventName(event)));
  const failures = own.filter(
    (event) =>
      failing.includes(eventName(event)) &&
      event.data.waits !== true &&
      event.sequence > (begun?.sequence ?? 0),
  );
  // The first names the cause; what follows it is what was done about it.
  const [first] = failures.filter((event) => messageOf(event) !== "").concat(failures);
  return first === undefined ? undefined : { id: first.id, message: messageOf(first) || eventName(first) };
}

function messageOf(event: DeliveryEvent): string {
  const { data, environment } = event;
  if (eventName(event) === "EnvironmentDestroyed")
    return `${data.by} destroyed ${environment} and what served there: ${data.reason}`;
  const [reason] = Array.isArray(data.reasons) ? data.reasons : [];
  if (typeof reason === "object" && reason !== null && !Array.isArray(reason)) return String(reason.message);
  return typeof data.message === "string" ? data.message : typeof data.what === "string" ? data.what : "";
}

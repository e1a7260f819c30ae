/** Prometheus metrics under the names of 2-contracts §8: counted from the engine's steps, gauges read when asked. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AccessDecision, AccessQuestion } from "../../domain/access/access-question.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import type { Subject } from "../../domain/scope.ts";
import { type EngineObserver, silentObserver } from "../../ports/engine-observer.ts";
import type { EngineStore } from "../../ports/engine-store.ts";

export interface Metrics {
  observer: EngineObserver;
  /** In Prometheus' text format. Without the database the counters alone, with their last gauges. */
  text(): Promise<string>;
  /** Counts refusals by code, as a face met them. */
  refused(code: string, tenantId: string | undefined): void;
  /** Counts decisions of the policy decision point. */
  decided(question: AccessQuestion, decision: AccessDecision): void;
  /** Counts attempts to tell a target something. */
  notified(tenantId: string, kind: string, sent: boolean): void;
}

export interface MetricsOptions {
  store: Pick<EngineStore, "events">;
  /** Read at each scrape. */
  gauges(): Promise<GaugeReading>;
  /** Adds the label `module`: as many series as there are modules. */
  moduleLabel?: boolean;
}

export interface GaugeReading {
  /** Open deliveries by tenant, flow instance's environment and state. */
  states: { tenant: string; env: string; state: string; count: number }[];
  /** Jobs that wait, by queue, and the age of the oldest due one in seconds. */
  queues: { queue: string; depth: number; lagSeconds: number }[];
}

const approvalState = "awaiting_approval";
const notGood = new Set(["TokenExpired", "TokenInvalid", "TokenRevoked", "TokenUnknown"]);
const waitBuckets = [1, 10, 60, 300, 1_800, 3_600, 14_400, 86_400, 259_200];
const runBuckets = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
const generationBuckets = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const labelNames = options.moduleLabel === true ? ["tenant", "env", "module"] : ["tenant", "env"];
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[], more: string[] = []) =>
    new Histogram({ name, help, labelNames: [...labelNames, ...more], buckets, registers });
  collectDefaultMetrics({ register: registry });
  const readGauges = addGauges(registry, options.gauges);

  const counters: Partial<Record<EventName, Counter>> = {
    ReleaseApproved: counter("release_approved_total", "Releases that were approved."),
    ReleaseRejected: counter("release_rejected_total", "Releases that were rejected."),
    ReleaseDelayed: counter("release_delayed_total", "Verdicts that held a release."),
    DeploymentFailed: counter("deployment_failed_total", "Deployments that failed."),
    RollbackTriggered: counter("rollback_triggered_total", "Rollbacks that were begun."),
    RollbackRequested: counter("studio_manual_rollback_total", "Rollbacks that a person asked for."),
  };
  const compliance = counter(
    "release_compliance_mode_total",
    "Releases that were proposed in compliance mode.",
  );
  const unjustified = counter(
    "approval_justification_missing_total",
    "Approvals refused for want of a reason.",
  );
  const callersRefused = new Counter({
    name: "callers_refused_total",
    help: "Calls with a token that is not good, by what is wrong with it.",
    labelNames: ["code"],
    registers,
  });
  const access = new Counter({
    name: "access_decisions_total",
    help: "Decisions on who may do what, by action and outcome.",
    labelNames: ["tenant", "action", "outcome"],
    registers,
  });
  const [notificationsSent, notificationsFailed] = addNotificationCounters(registry);
  const generation = histogram(
    "pipeline_generation_duration_ms",
    "Time to generate a pipeline, in milliseconds.",
    generationBuckets,
  );
  const deployment = histogram("deployment_duration_seconds", "Time to deploy a release.", runBuckets);
  const recovery = histogram(
    "recovery_duration_seconds",
    "From knowing that a release is bad to the known good one serving.",
    runBuckets,
  );
  const wait = histogram(
    "approval_wait_time_seconds",
    "From the request for approval, and from the release intent, to the approval.",
    waitBuckets,
    ["since"],
  );

  function labelsOf(event: DeliveryEvent): Record<string, string> {
    return {
      tenant: event.tenantid,
      env: event.environment ?? "",
      ...(options.moduleLabel === true && { module: event.moduleid }),
    };
  }

  function count(event: DeliveryEvent, complianceMode: boolean): void {
    const name = eventName(event);
    // An agent that takes a trace back asks for it by the same event.
    if (name !== "RollbackRequested" || !event.source.startsWith("/agents/"))
      counters[name]?.inc(labelsOf(event));
    if (name === "ReleaseProposed" && (complianceMode || event.data.compliance !== undefined))
      compliance.inc(labelsOf(event));
    if (name === "ReleaseApproved") {
      measure(event, ["ApprovalRequested"], (seconds) =>
        wait.observe({ ...labelsOf(event), since: "request" }, seconds),
      );
      measure(event, ["ReleaseIntentDeclared", "ReleaseProposed"], (seconds) =>
        wait.observe({ ...labelsOf(event), since: "intent" }, seconds),
      );
    }
    if (name === "RollbackCompleted" && event.data.restored !== null)
      recovery.observe(labelsOf(event), Number(event.data.recoveryMs ?? 0) / 1_000);
    if (name !== "AgentCompleted" || event.data.outcome !== "Success") return;
    const durationMs = Number(event.data.durationMs ?? 0);
    if (event.skillid === "GeneratePipeline") generation.observe(labelsOf(event), durationMs);
    if (event.skillid === "DeployRelease") deployment.observe(labelsOf(event), durationMs / 1_000);
  }

  /** Read from the chain and not remembered, so that a wait that outlives this process is measured too. */
  function measure(event: DeliveryEvent, names: EventName[], observe: (seconds: number) => void): void {
    const subject: Subject = {
      tenantId: event.tenantid,
      traceId: event.traceid,
      moduleId: event.moduleid,
    };
    options.store.events(subject, { names }).then(
      (events) => {
        const begun = events.find(
          (one) => one.environment === undefined || one.environment === event.environment,
        );
        if (begun !== undefined) observe((Date.parse(event.time) - Date.parse(begun.time)) / 1_000);
      },
      () => undefined,
    );
  }

  return {
    async text() {
      await readGauges().catch(() => undefined);
      return registry.metrics();
    },
    observer: {
      ...silentObserver,
      stepTaken({ record, events }) {
        for (const event of events) count(event, record.handOver?.complianceMode === true);
      },
    },
    decided({ principal, action }, { allowed }) {
      access.inc({ tenant: principal.tenantId, action, outcome: allowed ? "permitted" : "denied" });
    },
    refused(code, tenantId) {
      if (notGood.has(code)) callersRefused.inc({ code });
      if (code === "JustificationMissing") unjustified.inc({ tenant: tenantId ?? "", env: "" });
    },
    notified(tenant, kind, sent) {
      (sent ? notificationsSent : notificationsFailed).inc({ tenant, kind });
    },
  };
}

function addNotificationCounters(registry: Registry): [Counter, Counter] {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ["tenant", "kind"], registers: [registry] });
  return [
    counter("notifications_sent_total", "Notifications that a target took."),
    counter("notifications_failed_total", "Attempts to send a notification that came to nothing."),
  ];
}

/** Returns what sets them all from one reading. */
function addGauges(registry: Registry, read: MetricsOptions["gauges"]): () => Promise<void> {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  const open = gauge("open_deliveries", "Open deliveries by the states that they are in.", [
    "tenant",
    "env",
    "state",
  ]);
  const pending = gauge("pending_approvals", "Releases that wait for a person.", ["tenant", "env"]);
  const depth = gauge("queue_depth", "Jobs that wait for a worker.", ["queue"]);
  const lag = gauge("queue_lag_seconds", "How long the oldest due job has waited.", ["queue"]);
  return async () => {
    const { states, queues } = await read();
    for (const one of [open, pending, depth, lag]) one.reset();
    for (const { tenant, env, state, count } of states) {
      open.set({ tenant, env, state }, count);
      if (state === approvalState) pending.set({ tenant, env }, count);
    }
    for (const { queue, depth: waiting, lagSeconds } of queues) {
      depth.set({ queue }, waiting);
      lag.set({ queue }, lagSeconds);
    }
  };
}

/**
 * Spans over OTLP: one for each skill that an agent ran, below one for the delivery. The trace id is derived
 * from tenant and trace, and the delivery's span id from its subject, so that all processes agree without talking.
 */
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { AttemptResult } from "../../domain/delivery/step.ts";
import { eventName } from "../../domain/event/event.ts";
import type { Subject } from "../../domain/scope.ts";
import { attemptSpanId, deliveryIds } from "../../domain/timeline/span-ids.ts";
import type { Invocation } from "../../ports/agent.ts";
import { type EngineObserver, silentObserver } from "../../ports/engine-observer.ts";

export interface TracingObserver extends EngineObserver {
  /** Sends what is left; at most two seconds, because a collector that is away must not hold a process. */
  close(): Promise<void>;
}

export interface TracingOptions {
  version: string;
  host: string;
  /** Default: OTLP as the OTEL_EXPORTER_OTLP_* variables say. */
  exporter?: SpanExporter;
}

export function createTracingObserver(options: TracingOptions): TracingObserver {
  const ids = new RandomIdGenerator();
  let derived: { traceId: string; spanId: string } | undefined;
  const processor = new BatchSpanProcessor({
    exporter: options.exporter ?? new OTLPTraceExporter(),
    scheduledDelayMillis: 1_000,
  });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        "service.name": process.env.OTEL_SERVICE_NAME ?? "connectsoft-delivery",
        "service.version": options.version,
        "host.name": options.host,
      }),
    ),
    idGenerator: {
      generateTraceId: () => derived?.traceId ?? ids.generateTraceId(),
      generateSpanId: () => derived?.spanId ?? ids.generateSpanId(),
    },
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("connectsoft-delivery", options.version);
  return {
    ...silentObserver,
    stepTaken({ record, events }) {
      const first = events.find((event) => eventName(event) === "ModuleReady");
      if (first === undefined) return;
      derived = deliveryIds(record.subject);
      const attributes = { ...record.subject, "cicd.pipeline.run.id": record.subject.traceId };
      const at = new Date(first.time);
      tracer
        .startSpan(
          `delivery ${record.subject.moduleId}`,
          { root: true, startTime: at, attributes },
          ROOT_CONTEXT,
        )
        .end(at);
      derived = undefined;
    },
    skillEnded(invocation, result, startedAt) {
      const { traceId } = deliveryIds(invocation);
      derived = { traceId, spanId: attemptSpanId(invocation.invocationId, result.attempt) };
      recordSkill(tracer, { invocation, result, startedAt });
      derived = undefined;
    },
    async close() {
      await provider.forceFlush({ timeoutMillis: 2_000 }).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(() => undefined), after(2_000)]);
    },
  };
}

function recordSkill(
  tracer: Tracer,
  skill: { invocation: Invocation; result: AttemptResult; startedAt: Date },
): void {
  const { invocation, result, startedAt } = skill;
  const span = tracer.startSpan(
    `${invocation.agentId} ${invocation.skillId}`,
    { startTime: startedAt, attributes: attributesOf(invocation, result) },
    parentOf(invocation),
  );
  if (result.end.status === "Failed")
    span.setStatus({ code: SpanStatusCode.ERROR, message: result.end.refusal.message });
  span.end(new Date(startedAt.getTime() + result.durationMs));
}

function parentOf(subject: Subject): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...deliveryIds(subject),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

function attributesOf(invocation: Invocation, result: AttemptResult): Attributes {
  const { tenantId, traceId, moduleId, environment, releaseId, agentId, skillId, fsmState } = invocation;
  const { status } = result.end;
  return {
    tenantId,
    traceId,
    moduleId,
    agentId,
    skillId,
    fsmState,
    durationMs: result.durationMs,
    attempt: result.attempt,
    status,
    ...(releaseId !== undefined && { releaseId }),
    ...(environment !== undefined && { environment, "deployment.environment.name": environment }),
    ...(result.end.status === "Failed" && { "error.type": result.end.refusal.code }),
    ...factsOf(result),
    "cicd.pipeline.name": "delivery",
    "cicd.pipeline.run.id": traceId,
    "cicd.pipeline.task.name": skillId,
    "cicd.pipeline.task.run.id": invocation.invocationId,
    "cicd.pipeline.task.run.result": { Success: "success", Failed: "failure", Delayed: "skip" }[status],
  };
}

/** What the emitted events tell that a reader of a trace looks for. */
function factsOf({ emits }: AttemptResult): Attributes {
  const facts: Attributes = {};
  for (const { name, data } of emits) {
    if (name === "CommitReady") facts.commitId = String(data.commit);
    if (name === "DeploymentCompleted" || name === "DeploymentFailed")
      facts.readinessSuccess = name === "DeploymentCompleted";
    if (typeof data.startupTimeMs === "number") facts.startupTimeMs = data.startupTimeMs;
    if (name === "RollbackTriggered") facts.rollbackTriggered = true;
    if (name === "ReleaseApproved" && Array.isArray(data.approvers))
      facts.approver = data.approvers.map(String);
  }
  return facts;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

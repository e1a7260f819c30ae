/** JSON logs, one object a line, with the field names of 2-contracts §8. */
import { type DestinationStream, type Logger, pino } from "pino";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { EngineObserver } from "../../ports/engine-observer.ts";

const secretNames = ["password", "secret", "token", "authorization", "value", "databaseUrl"];

/** Values under names that hold secrets are cut out at any of the first levels, whoever logs them. */
export function createLogger(destination: DestinationStream, level = "info"): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[redacted]",
      },
    },
    destination,
  );
}

let told = { at: 0, text: "" };

/** A step's lines are of the same millisecond more often than not. */
function timestamp(): string {
  const at = Date.now();
  if (at !== told.at) told = { at, text: `,"timestamp":"${new Date(at).toISOString()}"` };
  return told.text;
}

export function createLogObserver(logger: Logger): EngineObserver {
  // The fields are named one by one, and none holds a secret: nothing has to be looked through.
  const named = logger.child({}, { redact: [] });
  return {
    stepTaken({ record, events }) {
      const handedOver = record.handOver?.complianceMode === true;
      for (const event of events)
        named.info(fieldsOf(event, handedOver || event.data.compliance !== undefined));
    },
    skillEnded: () => undefined,
    progress: (invocation, line) =>
      logger.debug({ agent: invocation.agentId, traceId: invocation.traceId, line }, "progress"),
    trouble: (message, error) => logger.warn(error === undefined ? {} : { err: error }, message),
  };
}

function fieldsOf(event: DeliveryEvent, compliance: boolean): Record<string, unknown> {
  const { data } = event;
  const name = eventName(event);
  return {
    agent: event.agentid ?? event.source,
    event: name,
    tenantId: event.tenantid,
    traceId: event.traceid,
    moduleId: event.moduleid,
    environment: event.environment,
    releaseId: event.releaseid,
    skillId: event.skillid,
    sequence: event.sequence,
    durationMs: data.durationMs,
    restartCount: data.restartCount,
    status: statusOf(name, data),
    ...(name === "AgentFailed" && { code: data.code, message: data.message, retryAt: data.retryAt }),
    ...(compliance && { compliance, approver: approverOf(name, data), policyVersion: policyOf(data) }),
  };
}

function statusOf(name: EventName, data: JsonObject): string | undefined {
  switch (name) {
    case "AgentInvoked":
    case "DeploymentStarted":
    case "FlowStarted":
      return "Started";
    case "AgentCompleted":
      return data.outcome === "Delayed" ? "Delayed" : "Success";
    case "ReleaseDelayed":
      return "Delayed";
    case "RollbackCompleted":
      return "RolledBack";
    case "AgentFailed":
    case "InfraFailed":
    case "PipelineInvalid":
    case "TestsFailed":
    case "DeploymentFailed":
    case "RollbackFailed":
    case "ReleaseRejected":
      return "Failed";
    case "DeliveryCancelled":
    case "DeliverySuperseded":
      return "Skipped";
    default:
      return "Success";
  }
}

function approverOf(name: EventName, data: JsonObject): unknown {
  if (name === "ReleaseApproved" && Array.isArray(data.approvedBy))
    return data.approvedBy.map((one) => (one as { by?: unknown } | null)?.by).join(", ") || undefined;
  return name === "ApprovalGranted" || name === "ApprovalRefused" ? data.by : undefined;
}

function policyOf({ digests }: JsonObject): unknown {
  return typeof digests === "object" && digests !== null && "policy" in digests ? digests.policy : undefined;
}

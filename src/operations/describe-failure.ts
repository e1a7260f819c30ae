/**
 * What failed, for whoever is called to it: in which step and why, what was measured, what serves now by looking
 * at it, what was taken back, and what to do next. Of a release, or of the newest failure of a trace.
 */
import { z } from "zod";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug } from "../domain/scope.ts";
import type { RunningRelease } from "../ports/target.ts";
import { newestFailure, type ReleaseFailure } from "./failures/newest-failure.ts";
import { findDelivery } from "./find-delivery.ts";
import { explainPossible } from "./possible-ways.ts";
import { runningAt } from "./running-at.ts";
import type { Caller, System } from "./system.ts";

export const describeFailureInput = z.object({
  /** `release-001293`, or a trace. */
  ref: z.string().min(1).max(80),
  moduleId: slug.optional(),
});

export interface FailureDetails {
  subject: Subject;
  environment?: string;
  releaseId?: string;
  version?: string;
  /** Where its flow stands: `rolled_back`, `rollback_failed`, ... */
  states: string[];
  /** What happened, in one sentence. */
  what: string;
  /** What that means for those who use the module, in one sentence: the first thing to know at night. */
  now: string;
  /** Undefined where nothing has failed. */
  failure?: ReleaseFailure;
  /** What the target shows of the module in that environment; undefined where it does not answer, or nothing was deployed. */
  running?: Pick<
    RunningRelease,
    "releaseId" | "version" | "state" | "traffic" | "weight" | "url" | "measured"
  >[];
  /** What was done to take it back. */
  rollback?: JsonObject;
  /** What to do, the likeliest first. */
  next: string[];
}

export async function describeFailure(
  system: System,
  caller: Caller,
  { ref, moduleId }: z.output<typeof describeFailureInput>,
): Promise<FailureDetails> {
  const subject = await subjectOf(system, caller, { ref, moduleId });
  const record = await findDelivery(system, caller, subject);
  const events = await system.store.events(subject);
  const releaseId = ref.startsWith("release-") ? ref : undefined;
  const explanation = await explainPossible(system, caller, { record, events });
  const open = explanation.situations.flatMap(({ ways }) =>
    ways.filter(({ closed }) => closed === undefined),
  );
  const next = [
    ...new Set([
      ...(explanation.command === undefined ? [] : [explanation.command]),
      ...open.map(({ command }) => command),
    ]),
  ];
  const failure = newestFailure(events, releaseId);
  if (failure?.environment === undefined) {
    const fine = failure === undefined;
    const what = fine ? `Nothing of ${ref} has failed. ${explanation.sentence}` : failure.what;
    const awaited = explanation.command === undefined ? [] : [explanation.command];
    const base = { subject, states: [], what, next: fine ? awaited : next };
    return { ...base, now: await placesNow(system, record), ...(failure !== undefined && { failure }) };
  }
  const { environment } = failure;
  const running = await runningAt(system, { ...subject, environment });
  const rollback = await readDocument(system, record, failure, "RollbackSummary.json");
  const measured = await readDocument(system, record, failure, "DeploymentSummary.json");
  return {
    subject,
    environment,
    releaseId: failure.releaseId,
    version: failure.version,
    states: statesOf(system, record, environment),
    what: failure.what,
    now: nowText(subject, environment, running),
    failure: { ...failure, ...fromSummary(measured) },
    ...(running !== undefined && { running: running.map(shown) }),
    ...(rollback !== undefined && { rollback }),
    // A later release took its place: what is to do there is not about this one.
    next: record.state.instances[environment]?.releaseId === failure.releaseId ? next : [],
  };
}

async function subjectOf(
  system: System,
  { tenantId }: Caller,
  { ref, moduleId }: { ref: string; moduleId: string | undefined },
): Promise<Subject> {
  const ofRelease = await system.store.findByRelease(tenantId, ref);
  if (ofRelease !== undefined) return ofRelease;
  const module = moduleId === undefined ? {} : { moduleId };
  const [first, second] = await system.store.list({ tenantId, traceId: ref, ...module });
  if (second !== undefined)
    throw refuse(
      "InputInvalid",
      `${ref} has several modules.`,
      `Name one: --module ${first?.subject.moduleId}`,
    );
  if (first !== undefined) return first.subject;
  throw refuse(
    "NotFound",
    `There is no release and no trace ${ref} in ${tenantId}.`,
    "See what there is: connectsoft status",
  );
}

function statesOf(system: System, record: DeliveryRecord, environment: string): string[] {
  const instance = record.state.instances[environment];
  return instance === undefined
    ? []
    : system.engine.flows.get(instance.flow.digest).active(instance.snapshot);
}

async function placesNow(system: System, { subject, handOver }: DeliveryRecord): Promise<string> {
  const texts = await Promise.all(
    (handOver?.environments ?? []).map(async (environment) =>
      nowText(subject, environment, await runningAt(system, { ...subject, environment })),
    ),
  );
  return texts.join(" ");
}

function nowText({ moduleId }: Subject, environment: string, running: RunningRelease[] | undefined): string {
  if (running === undefined) return `What serves ${environment} cannot be seen: its host does not answer.`;
  const serving = running.filter(({ traffic }) => traffic);
  if (serving.length === 0) return `No version of ${moduleId} serves ${environment} now.`;
  const words = serving.map((one) => {
    const share =
      one.weight === undefined || one.weight === 100 ? "" : ` with ${one.weight} % of the traffic`;
    return `${one.version} (${one.releaseId})${share}, ${one.state === "serving" ? "healthy" : one.state}`;
  });
  return `${environment} is served by ${moduleId} ${words.join(" and ")}.`;
}

function shown({ releaseId, version, state, traffic, weight, url, measured }: RunningRelease) {
  return {
    releaseId,
    version,
    state,
    traffic,
    ...(weight !== undefined && { weight }),
    ...(url !== undefined && { url }),
    ...(measured !== undefined && { measured }),
  };
}

async function readDocument(
  system: System,
  { subject: { tenantId, traceId, moduleId } }: DeliveryRecord,
  { environment, releaseId }: ReleaseFailure,
  name: string,
): Promise<JsonObject | undefined> {
  const path = `memory/${traceId}/tenant-${tenantId}/env-${environment}/${moduleId}/deployments/${releaseId}/${name}`;
  const found = await system.store.artifact({ tenantId, path });
  return found === undefined ? undefined : (JSON.parse(found.content) as JsonObject);
}

/** What the deployment measured of the release that failed. */
function fromSummary(summary: JsonObject | undefined): Partial<ReleaseFailure> {
  if (summary?.status !== "Failed") return {};
  const { healthStatus, exit, logTail, attempts, traffic } = summary;
  return {
    ...(Array.isArray(healthStatus) && {
      probes: healthStatus as unknown as NonNullable<ReleaseFailure["probes"]>,
    }),
    ...(isObject(exit) && { exit: exit as unknown as NonNullable<ReleaseFailure["exit"]> }),
    ...(typeof logTail === "string" && { logTail }),
    ...(typeof attempts === "number" && { attempts }),
    ...(isObject(traffic) && { traffic: traffic as unknown as NonNullable<ReleaseFailure["traffic"]> }),
  };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

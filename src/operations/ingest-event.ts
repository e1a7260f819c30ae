/**
 * Takes CloudEvents from outside: evidence of listed producers, news of upstream, and the triggers and signatures
 * of the person whose token it came with. The same source and id is one event, however often it is sent.
 */
import { z } from "zod";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { eventTypePrefix } from "../domain/event/event-name.ts";
import { type ProducerKind, producerOf } from "../domain/evidence/weigh-tests.ts";
import type { JsonObject } from "../domain/json.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug, subjectSchema } from "../domain/scope.ts";
import { approveRelease, decisionInput } from "./decide-release.ts";
import { requireOwnCommit, requireProducer } from "./evidence-producer.ts";
import { findDelivery } from "./find-delivery.ts";
import { listPending } from "./list-pending.ts";
import { permit } from "./permit.ts";
import { checkData, type Sent, sendable, sendEvent, sendEventInput } from "./send-event.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

/** CloudEvents 1.0.2 in structured mode; binary mode is put together to the same by the face that took it. */
export const ingestEventInput = z.looseObject({
  specversion: z.literal("1.0"),
  id: z.string().min(1).max(200),
  source: z
    .string()
    .regex(
      /^\/(ci|qa|security|upstream)\/[a-z0-9-]{1,63}$|^\/(cli|studio)$/,
      "expected a source such as /ci/jenkins, /qa/<name>, /security/<name> or /upstream/<name>",
    ),
  type: z.string().max(200),
  subject: z.string().max(300),
  time: z.iso.datetime({ offset: true }).optional(),
  datacontenttype: z
    .string()
    .regex(/^application\/([\w.-]+\+)?json\b/, "expected JSON")
    .optional(),
  data: z.record(z.string(), z.json()).default({}),
  environment: slug.optional(),
});
type CloudEvent = z.output<typeof ingestEventInput>;

export interface Ingested {
  subject: Subject;
  event: EventName;
  /** False where it was known already. */
  recorded: boolean;
}

const evidenceKinds: Partial<Record<EventName, ProducerKind>> = {
  TestsPassed: "tests",
  TestsFailed: "tests",
  SmokeTestsReady: "tests",
  ScanCompleted: "scan",
  PolicyBlocked: "policy",
};
/** A producer that lost its connection may send again for this long; what is older, or of the future, is a replay. */
const oldestMs = 24 * 60 * 60 * 1000;
const aheadMs = 5 * 60 * 1000;

export async function ingestEvent(system: System, caller: Caller, event: CloudEvent): Promise<Ingested> {
  requireRecent(event, system.clock.now());
  const subject = subjectOf(event);
  if (nameIn(event) === "ApproverSigned" || nameIn(event) === "ApprovalGranted")
    return sign(system, caller, { event, subject });
  if (nameIn(event) === "RegressionDetected") return stateRegression(system, caller, { event, subject });
  const name = knownName(event);
  const kind = evidenceKinds[name];
  if (kind !== undefined) return stateEvidence(system, caller, { event, subject, name, kind });
  return statePersonal(system, caller, { event, subject, name });
}

async function stateEvidence(
  system: System,
  caller: Caller,
  {
    event,
    subject,
    name,
    kind,
  }: { event: CloudEvent; subject: Subject; name: EventName; kind: ProducerKind },
): Promise<Ingested> {
  await permit(system, caller, { action: "evidence", ...subject });
  const record = await findDelivery(system, caller, subject);
  const producer = producerOf(event.source);
  if (producer === undefined || (event.data.producer !== undefined && event.data.producer !== producer))
    throw refuse(
      "InputInvalid",
      `source: evidence comes from /ci/<name>, /qa/<name> or /security/<name>, and its producer is that name; found ${event.source}${event.data.producer === undefined ? "" : ` and ${event.data.producer}`}.`,
    );
  requireProducer(await system.tenants.get(caller.tenantId), caller, { producer, kind });
  const { commit, tree } = event.data;
  const bound = await requireOwnCommit(system, record.subject, {
    commit: String(commit ?? ""),
    ...(tree !== undefined && { tree: String(tree) }),
  });
  const data = { applicable: true, ...event.data, producer, tree: bound, by: caller.person };
  return append(system, { event, subject, name, data: checkData(name, data) });
}

/** Of the release that serves, or is being rolled out, by a listed producer: what watches it from outside. */
async function stateRegression(
  system: System,
  caller: Caller,
  { event, subject }: { event: CloudEvent; subject: Subject },
): Promise<Ingested> {
  await permit(system, caller, { action: "evidence", ...subject });
  const producer = producerOf(event.source);
  if (producer === undefined)
    throw refuse(
      "InputInvalid",
      `source: a regression comes from /ci/<name> or /qa/<name>; found ${event.source}.`,
    );
  requireProducer(await system.tenants.get(caller.tenantId), caller, { producer, kind: "regression" });
  const record = await findDelivery(system, caller, subject);
  const found = Object.values(record.state.instances).filter(
    ({ environment, releaseId }) =>
      environment !== undefined &&
      (event.environment === undefined || environment === event.environment) &&
      (event.data.releaseId === undefined || event.data.releaseId === releaseId),
  );
  const [instance, ...more] = found;
  if (instance?.environment === undefined || instance.releaseId === undefined || more.length > 0)
    throw refuse(
      "InputInvalid",
      `data.releaseId: expected the release that got worse, of ${subject.traceId}; found ${String(event.data.releaseId ?? "none")}${event.environment === undefined ? "" : ` in ${event.environment}`}.`,
      `See which there are: connectsoft status ${subject.traceId}`,
    );
  const { environment, releaseId } = instance;
  const data = checkData("RegressionDetected", { ...event.data, producer, releaseId, stated: caller.person });
  return append(system, { event: { ...event, environment }, subject, name: "RegressionDetected", data });
}

async function append(
  system: System,
  { event, subject, name, data }: { event: CloudEvent; subject: Subject; name: EventName; data: JsonObject },
): Promise<Ingested> {
  const { source, environment } = event;
  const id = `${source}#${event.id}`;
  const draft = { id, name, source, data, ...(environment !== undefined && { environment }) };
  const { events } = await system.engine.append(subject, [draft]);
  if (events.length > 0) return { subject, event: name, recorded: true };
  const known = (await system.store.events(subject)).find((one) => one.id === id);
  if (
    known === undefined ||
    known.type !== eventTypePrefix + name ||
    canonicalJson(known.data) !== canonicalJson(data)
  )
    throw refuse(
      "Conflict",
      `${source} has sent ${event.id} before, with other content.`,
      "Give every event an id of its own.",
    );
  return { subject, event: name, recorded: false };
}

/** Triggers and news: what a person may state, this way too. */
async function statePersonal(
  system: System,
  caller: Caller,
  { event, subject, name }: { event: CloudEvent; subject: Subject; name: EventName },
): Promise<Ingested> {
  const { reason, ...data } = event.data;
  const input = sendEventInput.parse({
    ...subject,
    name,
    data,
    id: `${event.source}#${event.id}`.slice(0, 200),
    ...(event.environment !== undefined && { environment: event.environment }),
    ...(typeof reason === "string" && { reason }),
  });
  const { recorded }: Sent = await sendEvent(system, caller, input);
  return { subject, event: name, recorded };
}

/** The signature is the token's: nobody signs for somebody else by naming them. */
async function sign(
  system: System,
  caller: Caller,
  { event, subject }: { event: CloudEvent; subject: Subject },
): Promise<Ingested> {
  await findDelivery(system, caller, subject);
  const { releaseId, comment, digests, by, approvedBy } = event.data;
  const named = by ?? approvedBy;
  if (named !== undefined && named !== caller.person) {
    const code = "UnauthorizedApprover";
    const message = `The token is ${caller.person}'s, and the event says that ${named} signed.`;
    // That somebody tried is evidence.
    const data = { releaseId: String(releaseId), by: caller.person, code, message };
    await system.engine.append(subject, [{ name: "ApprovalVoided", source: sourceOf(caller), data }]);
    throw refuse(code, message, "Send it with the token of who signed.");
  }
  if (typeof releaseId !== "string")
    throw refuse("InputInvalid", "data.releaseId: expected a release such as release-001293.");
  const pending = (await listPending(system, caller)).find((one) => one.releaseId === releaseId);
  if (pending !== undefined && pending.subject.traceId !== subject.traceId)
    throw refuse(
      "InputInvalid",
      `${releaseId} is of ${pending.subject.traceId}, and not of ${subject.traceId}.`,
    );
  if (
    digests !== undefined &&
    pending !== undefined &&
    canonicalJson(digests) !== canonicalJson({ ...pending.digests })
  )
    throw refuse(
      "DigestMismatch",
      `${releaseId} stands for other digests by now than were signed.`,
      "Look at it again: studio pending",
    );
  const input = decisionInput.safeParse({ releaseId, comment: comment ?? "" });
  if (!input.success)
    throw refuse(
      "InputInvalid",
      `data.${input.error.issues[0]?.path.join(".")}: ${input.error.issues[0]?.message}.`,
    );
  const { counted } = await approveRelease(system, caller, input.data);
  return { subject, event: "ApprovalGranted", recorded: counted };
}

function requireRecent({ time }: CloudEvent, now: Date): void {
  if (time === undefined) return;
  const ageMs = now.getTime() - Date.parse(time);
  if (ageMs <= oldestMs && ageMs >= -aheadMs) return;
  throw refuse(
    "Conflict",
    `time: ${time} is ${ageMs > 0 ? "more than a day ago: a replay is not taken" : "in the future"}.`,
    "Send the event as it happens, with the time of a clock that is right.",
  );
}

function subjectOf(event: CloudEvent): Subject {
  const [tenantId, traceId, moduleId, ...rest] = event.subject.split("/");
  const parsed = subjectSchema.safeParse({ tenantId, traceId, moduleId });
  const said = [event.tenantid ?? tenantId, event.traceid ?? traceId, event.moduleid ?? moduleId].join("/");
  if (parsed.success && rest.length === 0 && said === event.subject) return parsed.data;
  throw refuse(
    "InputInvalid",
    `subject: expected <tenant>/<trace>/<module>, as the extension attributes say it; found ${event.subject}.`,
  );
}

function nameIn({ type }: CloudEvent): string {
  return type.startsWith(eventTypePrefix) ? type.slice(eventTypePrefix.length) : type;
}

function knownName(event: CloudEvent): (typeof sendable)[number] {
  const name = nameIn(event) === "TestsExecuted" ? outcomeOf(event.data) : nameIn(event);
  const found = sendable.find((one) => one === name);
  if (found !== undefined) return found;
  throw refuse(
    "InputInvalid",
    `type: ${event.type} is no event that comes from outside.`,
    `These are: ${sendable.map((one) => eventTypePrefix + one).join(", ")}.`,
  );
}

/** By its numbers, else by what it says in words; what says neither is not a success. */
function outcomeOf({ tests, failed, passed, status, outcome }: JsonObject): "TestsPassed" | "TestsFailed" {
  const numbers =
    typeof tests === "object" && tests !== null && !Array.isArray(tests) ? tests.failed : failed;
  if (typeof numbers === "number") return numbers > 0 ? "TestsFailed" : "TestsPassed";
  if (typeof passed === "boolean") return passed ? "TestsPassed" : "TestsFailed";
  const word = String(outcome ?? status ?? "").toLowerCase();
  return ["passed", "success", "succeeded"].includes(word) ? "TestsPassed" : "TestsFailed";
}

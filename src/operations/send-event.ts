/** States a person's trigger, upstream's news or evidence on a delivery. What agents and the engine state is not a person's to state. */
import { z } from "zod";
import type { Action } from "../domain/access/actions.ts";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { type EventName, eventCatalogue } from "../domain/event/event-catalogue.ts";
import type { ProducerKind } from "../domain/evidence/weigh-tests.ts";
import type { JsonObject } from "../domain/json.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug, subjectSchema } from "../domain/scope.ts";
import { alternatives } from "../domain/time-text.ts";
import { requireOwnCommit, requireProducer } from "./evidence-producer.ts";
import { findDelivery } from "./find-delivery.ts";
import { permit } from "./permit.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

interface Rule {
  action: Action;
  /** `environment`: it concerns one. `delivery`: it concerns the delivery's own flow. `news`: whoever listens. */
  concerns: "environment" | "delivery" | "news";
}

const rules = {
  StudioCommitRequest: { action: "commit", concerns: "delivery" },
  StudioPRAction: { action: "pull-request", concerns: "delivery" },
  RebuildPipelineRequested: { action: "rebuild", concerns: "delivery" },
  ProvisionRequested: { action: "provision", concerns: "delivery" },
  DeployRequested: { action: "deploy", concerns: "environment" },
  RolloutPromoted: { action: "deploy", concerns: "environment" },
  HotfixApproved: { action: "hotfix", concerns: "environment" },
  RetryDelayed: { action: "delay", concerns: "environment" },
  TraceInitialized: { action: "hand-over", concerns: "news" },
  ModuleGenerated: { action: "hand-over", concerns: "news" },
  TestsGenerated: { action: "hand-over", concerns: "news" },
  BlueprintValidated: { action: "hand-over", concerns: "news" },
  ReleaseIntentDeclared: { action: "hand-over", concerns: "news" },
  TestsPassed: { action: "evidence", concerns: "news" },
  TestsFailed: { action: "evidence", concerns: "news" },
  SmokeTestsReady: { action: "evidence", concerns: "news" },
  ScanCompleted: { action: "evidence", concerns: "news" },
  PolicyBlocked: { action: "evidence", concerns: "news" },
} as const satisfies Partial<Record<EventName, Rule>>;

export type SendableName = keyof typeof rules;
export const sendable = Object.keys(rules) as SendableName[];

/** What stating it asks of a person's roles, and whether it is asked for the environment. */
export function ruleOf(name: SendableName): Rule {
  return rules[name];
}

export const sendEventInput = subjectSchema.extend({
  name: z.enum(sendable as [SendableName, ...SendableName[]]),
  environment: slug.optional(),
  reason: z.string().max(2_000).optional(),
  data: z.record(z.string(), z.json()).default({}),
  /** Names the act: the same one again is recorded once. */
  id: z.string().min(1).max(200).optional(),
});

export interface Sent {
  subject: Subject;
  /** Sequence of the delivery after it. */
  sequence: number;
  environment?: string;
  /** False where a repeated act was known already. */
  recorded: boolean;
}

export async function sendEvent(
  system: System,
  caller: Caller,
  input: z.output<typeof sendEventInput>,
): Promise<Sent> {
  const { name, reason, id } = input;
  const rule: Rule = rules[name];
  const { tenantId, traceId, moduleId } = input;
  const record = await findDelivery(system, caller, { tenantId, traceId, moduleId });
  const environment = placeOf(system, record, { rule, name, environment: input.environment });
  await permit(system, caller, { action: rule.action, environment, ...record.subject });
  const producer = evidenceKinds[name];
  if (producer !== undefined)
    await requireEvidence(system, caller, { record, kind: producer, data: input.data });
  const data = checkData(name, { ...input.data, by: caller.person, ...(reason !== undefined && { reason }) });
  if (rule.concerns !== "news") checkAccepted(system, record, { name, environment });
  const decision = await system.engine.append(record.subject, [
    {
      name,
      source: producer === undefined ? sourceOf(caller) : `/ci/${input.data.producer}`,
      data,
      ...(id !== undefined && { id: `${caller.person}.${name}.${id}` }),
      ...(environment !== undefined && { environment }),
    },
  ]);
  return {
    subject: record.subject,
    sequence: decision.record.head.sequence,
    recorded: decision.events.length > 0,
    ...(environment !== undefined && { environment }),
  };
}

const evidenceKinds: Partial<Record<EventName, ProducerKind>> = {
  TestsPassed: "tests",
  TestsFailed: "tests",
  ScanCompleted: "scan",
  PolicyBlocked: "policy",
};

/** What a person states by hand stands for a listed producer, or not at all. */
async function requireEvidence(
  system: System,
  caller: Caller,
  { record, kind, data }: { record: DeliveryRecord; kind: ProducerKind; data: JsonObject },
): Promise<void> {
  const { producer, commit, tree } = data;
  requireProducer(await system.tenants.get(caller.tenantId), caller, { producer: String(producer), kind });
  await requireOwnCommit(system, record.subject, { commit: String(commit), tree: String(tree) });
}

/** The environment that the event is for: the named one, or the only one that would take it. */
function placeOf(
  system: System,
  record: DeliveryRecord,
  { rule, name, environment }: { rule: Rule; name: EventName; environment: string | undefined },
): string | undefined {
  if (environment !== undefined && record.handOver?.environments.includes(environment) !== true)
    throw refuse(
      "InputInvalid",
      `environment: this delivery does not go to ${environment}.`,
      `It goes to ${record.handOver?.environments.join(", ")}.`,
    );
  if (rule.concerns === "delivery") return undefined;
  if (rule.concerns === "news" || environment !== undefined) return environment;
  const takers = Object.values(record.state.instances).flatMap((instance) =>
    instance.environment !== undefined && accepts(system, record, instance.environment).includes(name)
      ? [instance.environment]
      : [],
  );
  if (takers.length === 1) return takers[0];
  throw refuse(
    takers.length === 0 ? "Conflict" : "InputInvalid",
    takers.length === 0
      ? `No environment of this delivery takes ${name} now.`
      : `${alternatives(takers)} would take ${name}; name the one that is meant.`,
    takers.length === 0 ? seeWhy(record) : `Add --env ${takers[0]}`,
  );
}

function checkAccepted(
  system: System,
  record: DeliveryRecord,
  { name, environment }: { name: EventName; environment: string | undefined },
): void {
  const instance = environment ?? "delivery";
  const accepted = accepts(system, record, instance);
  if (accepted.includes(name)) return;
  const known = record.state.instances[instance];
  if (known?.halted)
    throw refuse(
      "Conflict",
      `${record.subject.traceId} was ${record.state.phase}; ${instance} halted where it was and takes no ${name}.`,
      `Take it up again: connectsoft retry ${record.subject.traceId} --from <state>; or deliver again.`,
    );
  const states =
    known === undefined
      ? "has not begun"
      : `is in ${system.engine.flows.get(known.flow.digest).active(known.snapshot).join(" and ")}`;
  throw refuse("Conflict", `${instance} ${states} and takes no ${name} now.`, seeWhy(record));
}

function accepts(system: System, record: DeliveryRecord, name: string): EventName[] {
  const instance = record.state.instances[name];
  if (instance === undefined || instance.halted) return [];
  const environments = record.handOver?.environments ?? [];
  const { environment } = instance;
  const context = environment === undefined ? { environments } : { environments, environment };
  // A step that waits for it takes it too, whatever the flow itself listens for.
  const waiting = Object.values(record.state.invocations).filter((open) => open.instance === name);
  return [
    ...system.engine.flows.get(instance.flow.digest).accepts(instance.snapshot, context),
    ...waiting.flatMap(({ wakeOn }) => wakeOn),
  ];
}

/** Refuses with InputInvalid data that does not have the shape of its event. */
export function checkData(name: EventName, data: JsonObject): JsonObject {
  const parsed = eventCatalogue[name].safeParse(data);
  if (parsed.success) return data;
  const issue = parsed.error.issues[0];
  throw refuse(
    "InputInvalid",
    `${["data", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "does not fit"} (${name})`,
    `See the shape: connectsoft schema show ${name}`,
  );
}

function seeWhy({ subject }: DeliveryRecord): string {
  return `See what it waits for: connectsoft explain ${subject.traceId} --module ${subject.moduleId}`;
}

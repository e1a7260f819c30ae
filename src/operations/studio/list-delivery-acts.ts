/** What moves a delivery on where it stands now, and whether the caller may do it: a screen shows closed acts with the reason. */
import type { Situation } from "../../domain/delivery/situation.ts";
import type { Subject } from "../../domain/scope.ts";
import { mayDo, type Possibility } from "../access/may-do.ts";
import type { Wish } from "../access/question-of.ts";
import { findDelivery } from "../find-delivery.ts";
import { explainPossible } from "../possible-ways.ts";
import { readChain } from "../read-chain.ts";
import { ruleOf, type SendableName } from "../send-event.ts";
import type { Caller, System } from "../system.ts";

export interface DeliveryAct extends Possibility {
  /** The situation that it moves: its flow, and the state in which that is. */
  instance: string;
  state: string;
  environment?: string;
  /** `retry` starts the step that failed last; the others are events that the flow takes. */
  act: ActName;
}

type ActName = "retry" | (typeof triggers)[number];

/** Decisions are made on the release, and what runs is changed at its place: those are no acts of the delivery. */
const triggers = [
  "StudioCommitRequest",
  "StudioPRAction",
  "RebuildPipelineRequested",
  "ProvisionRequested",
  "DeployRequested",
  "RetryDelayed",
] as const satisfies SendableName[];

export async function listDeliveryActs(
  system: System,
  caller: Caller,
  subject: Subject,
): Promise<DeliveryAct[]> {
  const record = await findDelivery(system, caller, subject);
  const { situations } = await explainPossible(system, record, await readChain(system.store, record));
  const offered = situations.flatMap((situation) => actsOf(situation).map((act) => ({ situation, act })));
  return await Promise.all(
    offered.map(async ({ situation: { instance, state, environment }, act }) => ({
      ...{ instance, state, act },
      ...(environment !== undefined && { environment }),
      ...(await mayDo(system, caller, { ...wishOf(act, environment), ...record.subject })),
    })),
  );
}

/** Where people decide, they decide; what is live is changed where it runs. */
function actsOf({ kind, ways }: Situation): ActName[] {
  const taken = new Set<string>(ways.map(({ event }) => event));
  if (kind === "working" || kind === "over" || kind === "live" || taken.has("ApprovalGranted")) return [];
  const events = triggers.filter((event) => taken.has(event));
  return kind === "stopped" ? ["retry", ...events] : events;
}

function wishOf(act: ActName, environment: string | undefined): Wish {
  if (act === "retry") return { action: "retry" };
  const { action, concerns } = ruleOf(act);
  return concerns === "environment" && environment !== undefined ? { action, environment } : { action };
}

/** What moves a delivery on where it stands now, and whether the caller may do it: a screen shows closed acts with the reason. */
import type { Situation } from "../../domain/delivery/situation.ts";
import type { Subject } from "../../domain/scope.ts";
import { mayDo, type Possibility } from "../access/may-do.ts";
import { findDelivery } from "../find-delivery.ts";
import { explainPossible } from "../possible-ways.ts";
import { readChain } from "../read-chain.ts";
import type { SendableName } from "../send-event.ts";
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
  const events = await readChain(system.store, record);
  const [{ situations }, retry] = await Promise.all([
    explainPossible(system, caller, { record, events }),
    mayDo(system, caller, { action: "retry", ...record.subject }),
  ]);
  return situations.flatMap((situation) => {
    const { instance, state, environment } = situation;
    const place = { instance, state, ...(environment !== undefined && { environment }) };
    return actsOf(situation, retry).map((act) => ({ ...place, ...act }));
  });
}

/** Where people decide, they decide; what is live is changed where it runs. */
function actsOf(
  { kind, ways }: Situation,
  retry: Possibility,
): Pick<DeliveryAct, "act" | keyof Possibility>[] {
  const decided = ways.some(({ event }) => event === "ApprovalGranted");
  if (kind === "working" || kind === "over" || kind === "live" || decided) return [];
  const events = triggers.flatMap((act) => {
    const way = ways.find(({ event }) => event === act);
    return way === undefined ? [] : [{ act, allowed: way.closed === undefined, ...way.closed }];
  });
  return kind === "stopped" ? [{ act: "retry", ...retry }, ...events] : events;
}

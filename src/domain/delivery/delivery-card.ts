/** A delivery in few words, read from its record alone: what a board finds it by. */
import { activeStates } from "../flow/state-value.ts";
import {
  type DeliveryRecord,
  type FlowInstance,
  isOver,
  mainInstance,
  type OpenInvocation,
} from "./delivery-state.ts";
import { mostUrgent, type StateWord, wordOfState } from "./state-words.ts";

export interface DeliveryCard {
  version: string;
  sponsor: string;
  state: StateWord;
  /** Environments that it has come to, in the order of the path. */
  places: CardPlace[];
}

export interface CardPlace {
  environment: string;
  state: StateWord;
  /** ISO 8601. */
  since: string;
  releaseId?: string;
}

export function cardOf(record: DeliveryRecord): DeliveryCard {
  const { handOver, state } = record;
  const path = handOver?.environments ?? [];
  const places = Object.values(state.instances)
    .flatMap((instance) => placeOf(record, instance))
    .sort((a, b) => path.indexOf(a.environment) - path.indexOf(b.environment));
  return {
    version: handOver?.module.version ?? "",
    sponsor: handOver?.sponsor ?? "",
    state: wordOf(record, places),
    places,
  };
}

function wordOf(record: DeliveryRecord, places: CardPlace[]): StateWord {
  const { phase } = record.state;
  if (phase === "cancelled" || phase === "superseded") return phase;
  const main = record.state.instances[mainInstance];
  const own = main === undefined ? [] : wordsIn(record, mainInstance, main);
  // What it came to in its environments, these say themselves, and for as long as it is so.
  const ended = own.every((word) => word === "failed" || word === "live");
  const told = places.length > 0 && ended ? [] : own;
  return mostUrgent([...told, ...places.map(({ state }) => state)]) ?? "waiting";
}

function placeOf(record: DeliveryRecord, instance: FlowInstance): CardPlace[] {
  const { environment, since, releaseId } = instance;
  if (environment === undefined) return [];
  const over = instance.halted === true && isOver(record.state.phase);
  const state = over
    ? (record.state.phase as "cancelled" | "superseded")
    : (mostUrgent(wordsIn(record, environment, instance)) ?? "waiting");
  return [{ environment, state, since, ...(releaseId !== undefined && { releaseId }) }];
}

/** One for each active state that says something. */
function wordsIn(record: DeliveryRecord, name: string, instance: FlowInstance): StateWord[] {
  const open = Object.values(record.state.invocations).filter((one) => one.instance === name);
  return activeStates(instance.snapshot.value).flatMap((state): StateWord[] => {
    const known = wordOfState(state);
    if (known === "held" && instance.frozen === true) return ["frozen"];
    if (known !== undefined) return [known];
    const work = open.find(({ fsmState }) => fsmState === state || state.startsWith(`${fsmState}.`));
    return work === undefined ? [] : [wordOfWork(work)];
  });
}

function wordOfWork({ dueAt, wakeOn, retries }: OpenInvocation): StateWord {
  if (dueAt === null) return wakeOn.includes("StudioPRAction") ? "needs-review" : "waiting";
  return retries > 0 ? "retrying" : "running";
}

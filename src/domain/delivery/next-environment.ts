/** Promotion in turn: which environment a delivery may enter next. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { DeliveryRecord } from "./delivery-state.ts";

/**
 * The environment to start when the delivery's flow asks for the next one because of `cause`; undefined
 * where there is none, or where an earlier one has not been deployed in this round. A new round begins when
 * the flow comes here from its own steps, such as a merge after a rebuild: then the whole path is gone again.
 */
export function nextEnvironment(record: DeliveryRecord, cause: DeliveryEvent): string | undefined {
  const path = record.handOver?.environments ?? [];
  if (cause.environment === undefined && eventName(cause) !== "FlowMoved") return path[0];
  let round = 0;
  for (const environment of path) {
    const instance = record.state.instances[environment];
    if (instance === undefined || instance.begun < round) return environment;
    if (instance.deployed !== true) return undefined;
    round = instance.begun;
  }
  return undefined;
}

/** The names under which inputs reach the machine; only those of events are visible outside. */
import type { FlowInput } from "./compiled-flow.ts";

export const eventType = {
  done: (key: string) => `done:${key}`,
  failed: (key: string) => `failed:${key}`,
  timer: (timerId: string) => `timer:${timerId}`,
  restart: (path: string) => `restart:${path}`,
};

export function inputType(input: FlowInput): string {
  switch (input.kind) {
    case "event":
      return input.name;
    case "done":
    case "failed":
      return eventType[input.kind](input.key);
    case "timer":
      return eventType.timer(input.timerId);
  }
}

const machineId = "flow";

/** XState's absolute address of a state. */
export function stateAddress(path: string): string {
  return path === "" ? `#${machineId}` : `#${machineId}.${path}`;
}

export { machineId };

/**
 * A restart is an event of its own, handled innermost first: by a region that is active and contains the
 * state, which leaves the other regions alone; else by the root, which leaves everything and enters anew.
 */
import { allStates, type StateDefinition } from "./flow-definition.ts";
import { eventType, stateAddress } from "./machine-events.ts";

interface Restart {
  target: string;
  reenter: false;
}

/** Handlers by the path of the state that has them. */
export type Restarts = ReadonlyMap<string, Record<string, Restart>>;

export function restartsOf(root: StateDefinition): Restarts {
  const regions = regionsAround(root);
  const handlers = new Map<string, Record<string, Restart>>();
  const put = (handler: string, path: string, target: string) => {
    const restart: Restart = { target: stateAddress(target), reenter: false };
    handlers.set(handler, { ...handlers.get(handler), [eventType.restart(path)]: restart });
  };
  for (const { path } of allStates(root)) {
    if (path === "") continue;
    put("", path, path);
    for (const region of regions.get(path) ?? []) {
      if (region.path !== path) put(region.path, path, path);
      // XState would leave all regions to enter one again, so a region begins at its initial state.
      else if (region.initial !== undefined) put(path, path, region.initial);
    }
  }
  return handlers;
}

/** For each state inside a parallel one, the regions that contain it or that it is. */
function regionsAround(root: StateDefinition): Map<string, StateDefinition[]> {
  const regions = new Map<string, StateDefinition[]>();
  const visit = (state: StateDefinition, around: StateDefinition[]) => {
    regions.set(state.path, around);
    for (const child of state.states) visit(child, state.kind === "parallel" ? [...around, child] : around);
  };
  visit(root, []);
  return regions;
}

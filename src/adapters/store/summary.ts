/** The active states of a delivery by flow instance, for lists; without compiling any flow. */
import type { DeliveryState } from "../../domain/delivery/delivery-state.ts";
import type { Json } from "../../domain/json.ts";

export function activeStates(state: DeliveryState): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(state.instances).map(([name, instance]) => [name, leaves(instance.snapshot.value)]),
  );
}

/** Dotted paths of a statechart value's leaves: `{preparing: {code: "committing"}}` -> `preparing.code.committing`. */
function leaves(value: Json, prefix = ""): string[] {
  if (typeof value === "string") return [prefix + value];
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined || (typeof inner === "object" && inner !== null && Object.keys(inner).length === 0)
      ? [prefix + key]
      : leaves(inner, `${prefix}${key}.`),
  );
}

/** The quotas that hold for a namespace, whose modules may be of different editions. */
import type { Quotas } from "./environment-settings.ts";
import { bytesOf } from "./size.ts";
import type { EnvironmentWants } from "./wants-of.ts";

/**
 * Each key as the most generous of its modules' editions says; an edition that says nothing of a key, and a
 * module without edition, has the environment's. Where one of them has no limit, nothing is limited.
 */
export function namespaceQuotas(
  wants: Pick<EnvironmentWants, "quotas" | "editions">,
  editions: readonly (string | undefined)[],
): Quotas {
  const each = (editions.length === 0 ? [undefined] : editions).map((edition) => ({
    ...wants.quotas,
    ...(edition === undefined ? {} : wants.editions[edition]),
  }));
  const most = <Key extends keyof Quotas>(key: Key, amount: (value: NonNullable<Quotas[Key]>) => number) => {
    const values = each.map((quotas) => quotas[key]);
    if (values.some((value) => value === undefined)) return {};
    const sorted = (values as NonNullable<Quotas[Key]>[]).toSorted((a, b) => amount(b) - amount(a));
    return { [key]: sorted[0] };
  };
  return {
    ...most("processes", Number),
    ...most("memory", bytesOf),
    ...most("cpus", Number),
    ...most("disk", bytesOf),
  };
}

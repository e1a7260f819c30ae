import type { System } from "./system.ts";

/** `trace-2025-05-23-0012`: the day in UTC and a number that is given once. */
export async function mintTrace(
  { store, clock }: Pick<System, "store" | "clock">,
  tenantId: string,
): Promise<string> {
  const day = clock.now().toISOString().slice(0, 10);
  const number = await store.nextTraceNumber(tenantId, day);
  return `trace-${day}-${String(number).padStart(4, "0")}`;
}

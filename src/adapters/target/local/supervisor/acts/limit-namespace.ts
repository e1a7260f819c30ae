/** Limits of all processes of a namespace together, on disk before they hold, and held again by the next supervisor. */
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Supervisor } from "../supervisor.ts";

export async function limitNamespace(
  supervisor: Supervisor,
  { namespace, limits }: { namespace: string; limits: Limits },
): Promise<Enforcement[]> {
  await supervisor.change(() => {
    const before = supervisor.limits[namespace];
    set(supervisor, namespace, limits);
    return () => set(supervisor, namespace, before ?? {});
  });
  return await hold(supervisor, namespace, limits);
}

/** As they are on disk; before anything is adopted or started. */
export async function holdLimits(supervisor: Supervisor): Promise<void> {
  for (const [namespace, limits] of Object.entries(supervisor.limits))
    await hold(supervisor, namespace, limits);
}

function set(supervisor: Supervisor, namespace: string, limits: Limits): void {
  if (Object.keys(limits).length === 0) delete supervisor.limits[namespace];
  else supervisor.limits[namespace] = limits;
}

async function hold(supervisor: Supervisor, namespace: string, limits: Limits): Promise<Enforcement[]> {
  const { directory } = supervisor.layout;
  return (await supervisor.runtime("process").limitNamespace?.(directory, namespace, limits)) ?? [];
}

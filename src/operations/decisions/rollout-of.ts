/** The steps of a RolloutPlan.yaml in words. */

export interface RolloutInWords {
  strategy: string;
  /** In order. */
  steps: string[];
}

/** Null where there is no plan. */
export function rolloutOf(plan: unknown): RolloutInWords | null {
  const { strategy, steps } = (plan ?? {}) as { strategy?: unknown; steps?: unknown };
  if (!Array.isArray(steps)) return null;
  const names = steps.map((step: unknown) => String((step as { does?: unknown } | null)?.does ?? step));
  return { strategy: String(strategy ?? "as planned"), steps: names };
}

/** RolloutPlan.yaml, as much of it as is shown. */

export interface RolloutPlan {
  releaseId: string;
  version: string;
  strategy: string;
  why?: string;
  target?: string;
  replicas?: number;
  steps: { step: string; does: string; timeoutMs?: number }[];
  retry?: { limit: number };
  rollback?: { allowed: boolean; mode?: string; to: string | null; steps?: string[] };
}

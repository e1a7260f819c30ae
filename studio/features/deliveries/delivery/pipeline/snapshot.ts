/** PipelineSnapshot.yaml, as much of it as is shown. */

export interface Snapshot {
  commit?: string;
  stages?: Record<string, Stage>;
  files?: { path: string; dialect?: string; origin?: string; digest?: string }[];
}

export interface Stage {
  status?: string;
  steps?: string[];
  durationMs?: number;
  tests?: { total: number; passed: number; failed: number; skipped: number };
  artifact?: string;
  carriedOutBy?: string;
  vulnerabilities?: string;
}

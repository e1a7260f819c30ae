/** What every release is told of itself, beside its configuration. */
export interface ReleaseFacts {
  storage: string;
  releaseId: string;
  traceId: string;
  moduleId: string;
  environment: string;
}

export function releaseVariables(facts: ReleaseFacts) {
  return {
    STORAGE_DIR: facts.storage,
    DATA_DIR: facts.storage,
    RELEASE_ID: facts.releaseId,
    TRACE_ID: facts.traceId,
    MODULE_ID: facts.moduleId,
    ENVIRONMENT: facts.environment,
  };
}

const nobody: ReleaseFacts = { storage: "", releaseId: "", traceId: "", moduleId: "", environment: "" };
const names: ReadonlySet<string> = new Set(Object.keys(releaseVariables(nobody)));

/** What people configured, of all that a release was started with. */
export function withoutReleaseVariables(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.has(name)));
}

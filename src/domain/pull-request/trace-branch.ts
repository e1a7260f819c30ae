/** The branch that a delivery works on, and the way back from its name. */
import { slug, traceSlug } from "../scope.ts";

/** `shared`: all modules of the trace lie in one repository and travel in one pull request. */
export function traceBranch(of: { traceId: string; moduleId: string }, shared: boolean): string {
  return shared ? `trace/${of.traceId}` : `trace/${of.traceId}/${of.moduleId}`;
}

/** Undefined where the branch belongs to no trace; without a module where all modules of the trace share it. */
export function traceOfBranch(branch: string): { traceId: string; moduleId?: string } | undefined {
  const [prefix, traceId, moduleId, ...rest] = branch.split("/");
  if (prefix !== "trace" || rest.length > 0 || !traceSlug.safeParse(traceId).success) return undefined;
  if (moduleId === undefined) return { traceId: String(traceId) };
  return slug.safeParse(moduleId).success ? { traceId: String(traceId), moduleId } : undefined;
}

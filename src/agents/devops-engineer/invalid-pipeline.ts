/** Ends of a generation that may not be published, each with what would make it valid. */
import type { Refusal } from "../../domain/refusal.ts";
import type { AgentContext, AgentOutcome } from "../../ports/agent.ts";
import type { FileFinding } from "../../ports/file-validator.ts";

type LeftOut = { set: string; findings: FileFinding[] };

/** What the invalid attempts before this one suggested. */
export async function suggestedLeaveOut(context: AgentContext): Promise<string[]> {
  const invalid = await context.events("PipelineInvalid");
  const own = invalid.filter(({ data }) => data.invocationId === context.invocation.invocationId);
  return [...new Set(own.flatMap(({ data }) => leftOutIn(data.suggestion)))];
}

/** Tried again at once with the suggestion: without the sets that are not valid. */
export function leaveOutAndRetry(
  { invocation }: AgentContext,
  leftOut: LeftOut[],
  before: readonly string[],
): AgentOutcome {
  const reasons = leftOut.flatMap(({ findings }) => findings.filter(isError).map(reasonOf));
  const names = leftOut.map(({ set }) => set);
  const suggestion = { leaveOut: [...before, ...names] };
  const refusal: Refusal = {
    code: "ModuleInvalid",
    message: `What was generated for ${names.join(" and ")} is not valid: ${reasons[0]?.message ?? "no reason was given"}`,
    next: "It is generated again without that; look at the module's commands in module.yaml, then rebuild: connectsoft rebuild.",
  };
  return invalid(refusal, { reasons, suggestion, invocationId: invocation.invocationId }, true);
}

/** Valid as it was generated, and not any more as it was changed by hand. */
export function unpublishable(errors: FileFinding[]): AgentOutcome {
  const reasons = errors.map(reasonOf);
  const [first] = reasons;
  const refusal: Refusal = first ?? { code: "ModuleInvalid", message: "The pipeline is not valid." };
  return invalid(refusal, { reasons }, false);
}

export function allLeftOut(names: readonly string[]): AgentOutcome {
  const refusal: Refusal = {
    code: "ModuleInvalid",
    message: `Nothing that was generated is valid; left out: ${names.join(", ") || "nothing, as policy asks for no file"}.`,
    next: "Look at pipelines in tenant.yaml and at the module's commands in module.yaml, then rebuild: connectsoft rebuild.",
  };
  return invalid(refusal, { reasons: [refusal] }, false);
}

function invalid(
  refusal: Refusal,
  { reasons, ...rest }: { reasons: Refusal[]; suggestion?: { leaveOut: string[] }; invocationId?: string },
  retryable: boolean,
): AgentOutcome {
  const data = { reasons: reasons.map((reason) => ({ ...reason })), ...rest };
  return { status: "Failed", retryable, refusal, emits: [{ name: "PipelineInvalid", data }] };
}

function isError({ severity }: FileFinding): boolean {
  return severity === "error";
}

function reasonOf({ path, line, rule, message, suggestion }: FileFinding): Refusal {
  const where = line === undefined ? path : `${path}:${line}`;
  return { code: "ModuleInvalid", message: `${where}: ${message} (${rule}).`, next: suggestion };
}

function leftOutIn(suggestion: unknown): string[] {
  if (typeof suggestion !== "object" || suggestion === null || !("leaveOut" in suggestion)) return [];
  return Array.isArray(suggestion.leaveOut) ? suggestion.leaveOut.map(String) : [];
}

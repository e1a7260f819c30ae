/** What is wrong with policies of a tenant's own, each with its place in the policy's text. */
import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import type { OwnPolicy, PolicyProblem } from "../../../domain/access/access-question.ts";
import type { CedarEngine } from "./cedar-engine.ts";

export function checkPolicies(engine: CedarEngine, own: readonly OwnPolicy[]): PolicyProblem[] {
  return own.flatMap((policy) => checkPolicy(engine, policy));
}

function checkPolicy({ cedar, schema }: CedarEngine, { id, cedar: text }: OwnPolicy): PolicyProblem[] {
  const problem = (error: DetailedError, severity: PolicyProblem["severity"]): PolicyProblem => ({
    id,
    severity,
    message: plain(error.message),
    ...placeOf(text, error.sourceLocations?.[0]?.start ?? 0),
    ...(error.help !== null && { suggestion: error.help }),
  });
  const policies = { staticPolicies: { [id]: text } };
  const parsed = cedar.checkParsePolicySet(policies);
  if (parsed.type === "failure") return parsed.errors.map((error) => problem(error, "error"));
  const checked = cedar.validate({ schema, policies, validationSettings: { mode: "strict" } });
  if (checked.type === "failure") return checked.errors.map((error) => problem(error, "error"));
  const { validationErrors, validationWarnings } = checked;
  // What names nothing that there is applies to nothing: that is said once.
  if (validationErrors.length > 0)
    return onceEach(validationErrors.map(({ error }) => problem(error, "error")));
  // What can never apply looks like protection and is none.
  return onceEach(
    validationWarnings.map(({ error }) => problem(error, isImpossible(error) ? "error" : "warning")),
  );
}

function isImpossible({ message }: DetailedError): boolean {
  return message.includes("impossible") || message.includes("unable to find an applicable action");
}

/** Cedar says the same of each kind of principal. */
function onceEach(problems: PolicyProblem[]): PolicyProblem[] {
  return [...new Map(problems.map((one) => [`${one.line}:${one.column} ${one.suggestion}`, one])).values()];
}

/** Our message says which policy it is about; Cedar's need not. */
function plain(message: string): string {
  return message
    .replace(/^failed to parse policy with id `[^`]*` from string: /, "")
    .replace(/^for policy `[^`]*`,? ?:? ?/, "");
}

/** Cedar counts bytes of UTF-8. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = Buffer.from(text, "utf8").subarray(0, offset).toString("utf8");
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The first line of a commit in the form of Conventional Commits 1.0.0, and what a tenant's policy says of it. */
import { CommitParser } from "conventional-commits-parser";
import { refuse } from "../refusal.ts";
import type { CommitPolicy } from "../tenant/delivery-policies.ts";
import type { VersionDecision } from "./decide-version.ts";

export interface SubjectFacts {
  moduleId: string;
  traceId: string;
  /** Whether the module is one of several in its repository, so that the subject has to name it. */
  shared: boolean;
  decision: VersionDecision;
  /** The version that is taken back. */
  reverts?: string;
}

const parser = new CommitParser({
  headerPattern: /^([A-Za-z]+)(?:\(([^()\r\n]+)\))?(!)?: (\S.*)$/,
  headerCorrespondence: ["type", "scope", "breaking", "description"],
});

/** `feat: add booking-service for trace-1`; where that is too long for the policy, the trace is left to its trailer. */
export function commitSubject(facts: SubjectFacts, maxLength = Number.POSITIVE_INFINITY): string {
  const { moduleId, traceId, shared, decision, reverts } = facts;
  const type = reverts !== undefined ? "revert" : decision.bump === "fix" ? "fix" : "feat";
  const mark = decision.bump === "breaking" ? "!" : "";
  const head = `${type}${shared ? `(${moduleId})` : ""}${mark}: `;
  const what = descriptionOf(facts);
  const forms = [
    `${head}${what} for ${traceId}`,
    `${head}${what}`,
    `${head}${what.replace(` ${moduleId}`, " module")}`,
  ];
  return forms.find((form) => form.length <= maxLength) ?? String(forms.at(-1));
}

function descriptionOf({ moduleId, decision, reverts }: SubjectFacts): string {
  if (reverts !== undefined) return `take back ${moduleId} ${reverts} as ${decision.version}`;
  return decision.previous === null ? `add ${moduleId}` : `update ${moduleId} to ${decision.version}`;
}

/** Refuses with CommitMessageInvalid what is no Conventional Commit or what the tenant does not take. */
export function checkSubject(subject: string, policy: CommitPolicy): void {
  const { type, description } = parser.parse(subject);
  if (typeof type !== "string" || typeof description !== "string")
    throw invalid(subject, "a Conventional Commit such as feat(booking-service): add bookings");
  if (policy.types.length > 0 && !policy.types.includes(type))
    throw invalid(subject, `one of the types ${policy.types.join(", ")}`, "commits.types");
  if (subject.length > policy.maxSubjectLength)
    throw invalid(
      subject,
      `at most ${policy.maxSubjectLength} characters, it has ${subject.length}`,
      "commits.maxSubjectLength",
    );
  if (policy.pattern !== undefined && !new RegExp(policy.pattern, "u").test(subject))
    throw invalid(subject, `a subject that matches ${policy.pattern}`, "commits.pattern");
}

function invalid(subject: string, expected: string, key?: string): Error {
  const rule = key === undefined ? "" : ` (${key} of the tenant)`;
  return refuse(
    "CommitMessageInvalid",
    `${JSON.stringify(subject)} is not taken; expected ${expected}${rule}.`,
    key === undefined
      ? "Correct the commit's subject."
      : `Ask a StudioAdmin to change ${key} in tenant.yaml, then: connectsoft commit <trace>.`,
  );
}

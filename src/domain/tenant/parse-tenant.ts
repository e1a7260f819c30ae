/** Reads `tenant.yaml`. Everything that is wrong with it is said at once, each with its place. */
import type { z } from "zod";
import { overlayProblems } from "../agent/overlay-problems.ts";
import {
  closest,
  describeProblem,
  type FlowProblem,
  type Position,
  type Report,
} from "../flow/flow-problem.ts";
import { readYaml, type YamlSource } from "../flow/read-yaml.ts";
import { placeholders, unknownPlaceholders } from "../pull-request/template.ts";
import { refuse } from "../refusal.ts";
import { keysAt } from "./keys-at.ts";
import { strangersIn } from "./policy-names.ts";
import { type Tenant, tenantSchema } from "./tenant.ts";

type Issue = z.core.$ZodIssue;

/** Refuses with PolicyInvalid and one line `file:line:column problem` for each problem. */
export function parseTenant(text: string, file: string): Tenant {
  const problems: FlowProblem[] = [];
  const report: Report = (position: Position, message, suggestion) =>
    problems.push({ file, ...position, message, ...(suggestion !== undefined && { suggestion }) });
  const source = readYaml(text, report, { kind: "tenant", needs: "id, people and environments" });
  if (source === undefined) throw invalid(file, problems);
  const parsed = tenantSchema.safeParse(source.data);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(issue, source, report);
    throw invalid(file, problems);
  }
  checkNames(parsed.data, source, report);
  if (problems.length > 0) throw invalid(file, problems);
  return parsed.data;
}

function invalid(file: string, problems: FlowProblem[]) {
  return refuse(
    "PolicyInvalid",
    `${file} does not declare a tenant:\n${problems.map(describeProblem).join("\n")}`,
    "Correct the file and apply it: connectsoft tenant apply <file>. Its shape: connectsoft schema show tenant.",
  );
}

function reportIssue(issue: Issue, source: YamlSource, report: Report): void {
  const name = issue.path.map(String).join(".") || "the file";
  if (issue.code === "unrecognized_keys") {
    const allowed = keysAt(tenantSchema, issue.path);
    for (const key of issue.keys)
      report(
        source.keyAt([...issue.path, key]),
        `unknown key "${key}"; expected ${allowed.join(", ")}`,
        closest(key, allowed),
      );
    return;
  }
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String);
    const found = String(valueAt(source.data, issue.path));
    report(
      source.valueAt(issue.path),
      `${name}: expected ${allowed.join(", ")}; found "${found}"`,
      closest(found, allowed),
    );
    return;
  }
  const missing = issue.code === "invalid_type" && valueAt(source.data, issue.path) === undefined;
  report(source.valueAt(issue.path), missing ? `"${name}" is missing` : `${name}: ${issue.message}`);
}

/** What a schema cannot say: names stand once, and a policy is for an environment that exists. */
function checkNames(tenant: Tenant, source: YamlSource, report: Report): void {
  const environments = tenant.environments.map(({ id }) => id);
  reportRepeats(environments, "environments", source, report);
  reportRepeats(
    tenant.people.map(({ id }) => id),
    "people",
    source,
    report,
  );
  reportRepeats(
    tenant.freezes.map(({ id }) => id),
    "freezes",
    source,
    report,
  );
  for (const name of unknownPlaceholders(tenant.pullRequests.template ?? ""))
    report(
      source.valueAt(["pullRequests", "template"]),
      `pullRequests.template: {{${name}}} stands for nothing; expected ${placeholders.join(", ")}`,
      closest(name, [...placeholders]),
    );
  for (const { path, message, name, known } of strangersIn(tenant))
    report(source.keyAt(path), message, closest(name, known));
  for (const { path, message, name = "", known = [] } of overlayProblems(tenant))
    report(source.keyAt(path), message, closest(name, [...known]));
}

function reportRepeats(names: string[], list: string, source: YamlSource, report: Report): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) < index)
      report(source.valueAt([list, index]), `${list}: "${name}" stands twice; keep one of them`);
  });
}

function valueAt(data: unknown, path: PropertyKey[]): unknown {
  let value = data;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
  return value;
}

/** Holds the policies of a tenant to a table of who, what, where and the expected answer. */
import { z } from "zod";
import { describeProblem, type FlowProblem } from "../../domain/flow/flow-problem.ts";
import { readYaml, type YamlSource } from "../../domain/flow/read-yaml.ts";
import { RefusalError, refuse } from "../../domain/refusal.ts";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
import { peopledAs, peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";
import { suppose } from "./suppose.ts";

const caseSchema = z
  .object({
    who: z.string().min(1).max(200),
    what: z.string().min(1).max(100),
    where: z.string().max(200).optional(),
    own: z.boolean().optional(),
    method: z.enum(["cli", "studio", "api"]).optional(),
    expect: z.enum(["allow", "deny"]),
    /** The policy that decides it. */
    by: z.string().max(100).optional(),
  })
  .strict();
export const policyTableSchema = z.object({ cases: z.array(caseSchema).min(1).max(1_000) }).strict();

export const testPolicyInput = z.object({
  /** The table. */
  text: z.string().max(262_144),
  file: z.string().max(1_024).default("policy-table.yaml"),
  /** A tenant.yaml to hold to it; absent: the one that holds now. */
  tenant: z.string().max(262_144).optional(),
});

export interface PolicyTestReport {
  cases: number;
  differences: { line: number; expected: string; found: string; why: string }[];
}

/** Refuses with InputInvalid a table that is none, or that names what there is not, each with its line. */
export async function testPolicy(
  system: System,
  caller: Caller,
  input: z.output<typeof testPolicyInput>,
): Promise<PolicyTestReport> {
  const { cases, lineOf } = readTable(input);
  const tenant =
    input.tenant === undefined
      ? await peopledTenant(system, caller.tenantId)
      : await peopledAs(system, caller.tenantId, parseTenant(input.tenant, "tenant.yaml"));
  const differences: PolicyTestReport["differences"] = [];
  for (const [index, one] of cases.entries()) {
    const line = lineOf(index);
    const { decision, refusal } = await suppose(system.policy, tenant, one).catch((error) => {
      if (!(error instanceof RefusalError) || error.refusal.code !== "InputInvalid") throw error;
      const { message, next } = error.refusal;
      throw refuse("InputInvalid", `${input.file}:${line}: ${message}`, next);
    });
    const by = decision.rules.map(({ id }) => id);
    const answer = decision.allowed ? "allow" : "deny";
    const found = by.length === 0 ? answer : `${answer} by ${by.join(", ")}`;
    if (answer === one.expect && (one.by === undefined || by.includes(one.by))) continue;
    const expected = one.by === undefined ? one.expect : `${one.expect} by ${one.by}`;
    const asked = `${one.who} ${one.what} ${one.where ?? "of the tenant"}`;
    differences.push({ line, expected: `${asked}: ${expected}`, found, why: refusal ?? "" });
  }
  return { cases: cases.length, differences };
}

function readTable({ text, file }: { text: string; file: string }) {
  const problems: FlowProblem[] = [];
  const source = readYaml(text, (position, message) => problems.push({ file, ...position, message }), {
    kind: "policy table",
    needs: "cases with who, what, where and expect",
  });
  const parsed = policyTableSchema.safeParse(source?.data);
  if (source === undefined) throw invalid(file, problems);
  if (parsed.success) {
    const lineOf = (index: number) => source.valueAt(["cases", index]).line;
    return { cases: parsed.data.cases, lineOf };
  }
  throw invalid(
    file,
    parsed.error.issues.map((issue) => problemOf(file, source, issue)),
  );
}

function problemOf(file: string, source: YamlSource, { path, message }: z.core.$ZodIssue): FlowProblem {
  return {
    file,
    ...source.valueAt(path),
    message: `${path.map(String).join(".") || "the file"}: ${message}`,
  };
}

function invalid(file: string, problems: FlowProblem[]) {
  return refuse(
    "InputInvalid",
    `${file} is no table of policy tests:\n${problems.map(describeProblem).join("\n")}`,
    "A case is {who: max, what: approve, where: production, expect: allow}.",
  );
}

/** SARIF 2.1.0: what static analysis found, counted by severity, with the first of it quoted. */
import { z } from "zod";
import { countSeverities, type Severity, type SeverityCounts, severityOfScore } from "./findings.ts";
import { readJson } from "./read-json.ts";

export interface ScanResults {
  tools: string[];
  findings: SeverityCounts;
  /** The first of them, at most 20. */
  first: { rule: string; severity: Severity; message: string; place?: string }[];
  /** Every rule that found something, at most 500 findings: what a person can override by its name. */
  advisories: { id: string; severity: Severity }[];
}

const mostQuoted = 20;
const mostNamed = 500;

const rule = z.looseObject({
  id: z.string(),
  properties: z.looseObject({ "security-severity": z.string().optional() }).optional(),
});
const result = z.looseObject({
  ruleId: z.string().optional(),
  ruleIndex: z.int().optional(),
  level: z.enum(["none", "note", "warning", "error"]).optional(),
  kind: z.string().optional(),
  message: z.looseObject({ text: z.string().optional() }),
  suppressions: z.array(z.unknown()).optional(),
  locations: z
    .array(
      z.looseObject({
        physicalLocation: z
          .looseObject({ artifactLocation: z.looseObject({ uri: z.string().optional() }).optional() })
          .optional(),
      }),
    )
    .optional(),
});
const sarif = z.looseObject({
  version: z.literal("2.1.0"),
  runs: z.array(
    z.looseObject({
      tool: z.looseObject({ driver: z.looseObject({ name: z.string(), rules: z.array(rule).optional() }) }),
      results: z.array(result).nullish(),
    }),
  ),
});
type Run = z.infer<typeof sarif>["runs"][number];
type Result = z.infer<typeof result>;

export function readSarif(text: string): ScanResults {
  const { runs } = readJson(text, sarif);
  const all = runs.flatMap((run) =>
    (run.results ?? []).filter(isOpen).map((each) => ({ each, severity: severityIn(run, each) })),
  );
  return {
    tools: [...new Set(runs.map((run) => run.tool.driver.name))],
    findings: countSeverities(all.map(({ severity }) => severity)),
    first: all.slice(0, mostQuoted).map(({ each, severity }) => quote(each, severity)),
    advisories: all
      .filter(({ each }) => each.ruleId !== undefined)
      .slice(0, mostNamed)
      .map(({ each, severity }) => ({ id: String(each.ruleId).slice(0, 200), severity })),
  };
}

/** What passed, and what somebody has suppressed, is no finding. */
function isOpen({ kind, suppressions }: Result): boolean {
  return (kind === undefined || kind === "fail") && (suppressions ?? []).length === 0;
}

/** By the rule's own score where it has one, else by level: an absent level means warning. */
function severityIn(run: Run, { ruleId, ruleIndex, level }: Result): Severity {
  const rules = run.tool.driver.rules ?? [];
  const known =
    rules.find(({ id }) => id === ruleId) ?? (ruleIndex === undefined ? undefined : rules[ruleIndex]);
  const score = Number(known?.properties?.["security-severity"] ?? Number.NaN);
  if (!Number.isNaN(score)) return severityOfScore(score);
  if (level === "error") return "high";
  return level === "note" || level === "none" ? "low" : "medium";
}

function quote({ ruleId, message, locations }: Result, severity: Severity): ScanResults["first"][number] {
  const place = locations?.[0]?.physicalLocation?.artifactLocation?.uri?.slice(0, 300);
  const found = {
    rule: (ruleId ?? "a rule without a name").slice(0, 200),
    severity,
    message: (message.text ?? "").slice(0, 500),
  };
  return place === undefined ? found : { ...found, place };
}

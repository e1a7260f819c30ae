/** Findings of scanners, counted by severity. */
export const severities = ["critical", "high", "medium", "low", "unknown"] as const;
export type Severity = (typeof severities)[number];
export type SeverityCounts = Record<Severity, number>;

export function countSeverities(found: readonly Severity[]): SeverityCounts {
  const counts: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const severity of found) counts[severity] += 1;
  return counts;
}

/** A scanner's own word for it; every scanner has its own capitals. */
export function severityOf(word: string | undefined): Severity {
  const lower = (word ?? "").toLowerCase();
  if (lower === "moderate") return "medium";
  if (lower === "negligible" || lower === "info" || lower === "none") return "low";
  return severities.find((severity) => severity === lower) ?? "unknown";
}

/** CVSS 3.1 qualitative ratings, section 5. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return "low";
}

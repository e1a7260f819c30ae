/** The parts of a pull request's text, from plain facts of the delivery. */
import { type ChangedFile, sensitivePlaces, sizeOf, statByModule, totals } from "./change-facts.ts";
import { cell, code, plain } from "./markdown.ts";
import type { Placeholder } from "./template.ts";

export interface BodyFacts {
  tenantId: string;
  traceId: string;
  moduleId: string;
  version: string;
  environments: string[];
  sponsor: string;
  subject: string;
  files: readonly ChangedFile[];
  /** Folder of the modules in a monorepo; empty: a repository a module. */
  modulesFolder: string;
  /** How the version was decided; absent where the commit does not say. */
  decision?: { bump: string; previous: string | null; reasons: string[] };
  tests?: TestFacts;
  sbom?: SbomFacts;
  secrets: string[];
}

export interface TestFacts {
  passed: boolean;
  applicable: boolean;
  counts?: { total: number; passed: number; failed: number; skipped: number };
  /** Percent of lines. */
  coverage?: number;
  reportDigest: string;
  artifact: string;
}

export interface SbomFacts {
  added: { name: string; version: string }[];
  removed: { name: string; version: string }[];
  updated: { name: string; from: string; to: string }[];
  licences: { added: string[]; removed: string[] };
}

const listed = 20;

export function bodyParts(facts: BodyFacts): Record<Placeholder, string> {
  const { moduleId, version, traceId, sponsor, environments } = facts;
  return {
    summary: `Delivers **${moduleId} ${plain(version)}** to ${environments.join(", ")}.`,
    changelog: changelogOf(facts),
    changes: changesOf(facts),
    files: filesOf(facts.files),
    tests: testsOf(facts.tests),
    sbom: facts.sbom === undefined ? "" : sbomOf(facts.sbom),
    risk: riskOf(facts),
    trace: [
      `- trace: ${code(traceId)} of ${facts.tenantId}, sponsored by ${plain(sponsor)}`,
      `- what happened: ${code(`connectsoft timeline ${traceId}`)}`,
      `- why it waits: ${code(`connectsoft explain ${traceId}`)}`,
    ].join("\n"),
    module: moduleId,
    version: plain(version),
    traceId,
    sponsor: plain(sponsor),
    environments: environments.join(", "),
  };
}

const sections: Record<string, string> = { feat: "Added", fix: "Fixed", revert: "Removed" };

/** The section of Keep a Changelog that the subject belongs to, with what decided the version. */
export function changelogOf({ subject, decision }: Pick<BodyFacts, "subject" | "decision">): string {
  const [, type = "", text = subject] = /^(\w+)(?:\([^)]*\))?!?: (.*)$/.exec(subject) ?? [];
  const entry = text.charAt(0).toUpperCase() + text.slice(1);
  const reasons = bulletsOf((decision?.reasons ?? []).map(plain));
  return [`### ${sections[type] ?? "Changed"}`, `- ${plain(entry)}`, ...reasons].join("\n");
}

function changesOf({ files, modulesFolder }: BodyFacts): string {
  const rows = statByModule(files, modulesFolder).map(
    (stat) => `| ${cell(stat.folder)} | ${stat.files} | ${counts(stat)} |`,
  );
  return [statLine(files), "", ...tableOf("| where | files | lines |", rows, "folders")].join("\n");
}

function filesOf(files: readonly ChangedFile[]): string {
  const rows = files.map((file) => `| ${cell(file.path)} | ${file.status} | ${counts(file)} |`);
  return tableOf("| file | change | lines |", rows, "files").join("\n");
}

function testsOf(tests: TestFacts | undefined): string {
  if (tests === undefined) return "Not built and tested yet.";
  const { passed, applicable, counts: numbers, coverage, reportDigest, artifact } = tests;
  const skipped = numbers === undefined || numbers.skipped === 0 ? "" : `, ${numbers.skipped} skipped`;
  const result = !applicable
    ? "There are no tests to run."
    : numbers === undefined
      ? `Tests ${passed ? "passed" : "failed"}.`
      : `${numbers.passed} of ${numbers.total} tests passed${skipped}.`;
  return [
    `- ${result}`,
    ...(coverage === undefined ? [] : [`- Lines covered: ${coverage.toFixed(1)} %`]),
    `- Report ${code(reportDigest)}, artifact ${code(artifact)}`,
  ].join("\n");
}

function sbomOf({ added, removed, updated, licences }: SbomFacts): string {
  const lines = [
    ...added.map(({ name, version }) => `added ${code(`${name} ${version}`)}`),
    ...removed.map(({ name, version }) => `removed ${code(`${name} ${version}`)}`),
    ...updated.map(({ name, from, to }) => `updated ${code(name)} from ${code(from)} to ${code(to)}`),
    ...licences.added.map((name) => `new licence ${code(name)}`),
    ...licences.removed.map((name) => `no more under ${code(name)}`),
  ];
  return lines.length === 0 ? "No component changes." : bulletsOf(lines).join("\n");
}

function riskOf({ decision, files, secrets, sponsor }: BodyFacts): string {
  const { insertions, deletions } = totals(files);
  const places = sensitivePlaces(files).map(({ why, paths }) => {
    const shown = paths.slice(0, 3).map(code).join(", ");
    return `${shown}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}: ${why}`;
  });
  return [
    ...(decision?.bump === "breaking"
      ? [`- **breaks its public interface** since ${code(decision.previous ?? "")}`]
      : []),
    ...bulletsOf(places),
    ...(secrets.length === 0 ? [] : [`- needs the secrets ${secrets.map(code).join(", ")}`]),
    `- size ${sizeOf(files)}: ${insertions + deletions} lines in ${files.length} files`,
    `- on the authority of ${plain(sponsor)}`,
  ].join("\n");
}

function bulletsOf(lines: readonly string[]): string[] {
  const more = lines.length - listed;
  return [...lines.slice(0, listed).map((line) => `- ${line}`), ...(more > 0 ? [`- and ${more} more`] : [])];
}

function tableOf(head: string, rows: readonly string[], what: string): string[] {
  const more = rows.length - listed;
  return [
    head,
    "|---|---|---|",
    ...rows.slice(0, listed),
    ...(more > 0 ? ["", `and ${more} more ${what}`] : []),
  ];
}

function statLine(files: readonly ChangedFile[]): string {
  const { insertions, deletions } = totals(files);
  return `${files.length} ${files.length === 1 ? "file" : "files"} changed, ${insertions} insertions, ${deletions} deletions`;
}

function counts({ insertions, deletions }: { insertions: number; deletions: number }): string {
  return `+${insertions} -${deletions}`;
}

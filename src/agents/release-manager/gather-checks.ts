/**
 * What was measured of the release: by our own agents and by producers that the tenant lists for that kind today, for
 * exactly the commit and tree that are proposed; and what is known now against the packages of its SBOM.
 */
import type { EventName } from "../../domain/event/event-catalogue.ts";
import {
  countSeverities,
  type SeverityCounts,
  severities,
  severityOf,
} from "../../domain/evidence/findings.ts";
import { counts, type ProducerKind } from "../../domain/evidence/weigh-tests.ts";
import type { Json } from "../../domain/json.ts";
import type {
  CheckEvidence,
  CoverageStatement,
  ScanStatement,
  SmokeStatement,
} from "../../domain/release/check-evidence.ts";
import { overridesOf } from "../../domain/release/cve-override.ts";
import type { SbomEvidence } from "../../domain/release/supply-chain-evidence.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";
import type { ReleaseManagerPorts } from "./ports.ts";
import type { Proposal } from "./proposal.ts";

export async function gatherChecks(
  { vulnerabilities }: Pick<ReleaseManagerPorts, "vulnerabilities">,
  context: AgentContext,
  proposal: Proposal,
  sbom: SbomEvidence | undefined,
): Promise<CheckEvidence> {
  const { tenant, policy, releaseId, version } = proposal;
  const [tests, scanned, smoked, overridden] = await Promise.all([
    policy.coverage === undefined ? [] : exactly(context, proposal, "TestsPassed"),
    exactly(context, proposal, "ScanCompleted"),
    exactly(context, proposal, "SmokeTestsReady"),
    context.events("CveOverridden"),
  ]);
  const by = (kind: ProducerKind) => (event: RecordedEvent) => counts(event.source, kind, tenant.evidence);
  const asksScan = policy.requireScan === true || policy.scan !== undefined;
  const purls = sbom?.status === "There" && sbom.problem === undefined ? purlsOf(sbom) : undefined;
  const known =
    asksScan && purls !== undefined
      ? await vulnerabilities.lookUp(tenant.vulnerabilities, purls, context.signal)
      : undefined;
  return {
    coverage: newestBySource([...tests, ...scanned].filter(by("coverage")), asCoverage),
    smoke: newestBySource(smoked.filter(by("tests")), asSmoke),
    scans: newestBySource(scanned.filter(by("scan")), asScan),
    overrides: overridesOf(overridden, { releaseId, version }),
    ...(known !== undefined && { known }),
  };
}

function purlsOf({ components }: Extract<SbomEvidence, { status: "There" }>): string[] {
  return components.flatMap(({ purl, scope }) => (purl === undefined || scope === "excluded" ? [] : [purl]));
}

/** Of the tree that was built and of a commit that has it: the built one, or what it was merged as. */
async function exactly(
  context: AgentContext,
  { digests }: Proposal,
  name: EventName,
): Promise<RecordedEvent[]> {
  const [events, built] = await Promise.all([context.events(name), context.events("ArtifactBuilt")]);
  const commits = [digests.commit, ...built.filter(ofTree).map(({ data }) => data.commit)];
  return events.filter((event) => ofTree(event) && commits.includes(event.data.commit ?? null));

  function ofTree({ data }: RecordedEvent): boolean {
    return data.tree === digests.tree;
  }
}

/** The newest of each source that says anything of the kind. */
function newestBySource<Found>(
  events: RecordedEvent[],
  read: (event: RecordedEvent) => Found | undefined,
): Found[] {
  const found = new Map<string, Found>();
  for (const event of events.toSorted((a, b) => b.sequence - a.sequence)) {
    if (found.has(event.source)) continue;
    const statement = read(event);
    if (statement !== undefined) found.set(event.source, statement);
  }
  return [...found.values()];
}

function stated({ id, data, source }: RecordedEvent) {
  return { producer: typeof data.producer === "string" ? data.producer : source, eventId: id };
}

function asCoverage(event: RecordedEvent): CoverageStatement | undefined {
  const coverage = fieldsOf(event.data.coverage);
  if (typeof coverage?.percent !== "number") return undefined;
  const branches = fieldsOf(coverage.branches)?.percent;
  return {
    ...stated(event),
    lines: coverage.percent,
    ...(typeof branches === "number" && { branches }),
  };
}

/** It names its outcome, or it is none. */
function asSmoke(event: RecordedEvent): SmokeStatement | undefined {
  const { passed, outcome, status, summary } = event.data;
  const word = String(outcome ?? status ?? "").toLowerCase();
  const good = passed === true || ["passed", "success", "succeeded"].includes(word);
  const said =
    typeof summary === "string" ? summary.slice(0, 300) : `smoke tests ${good ? "passed" : "failed"}`;
  return { ...stated(event), passed: good, summary: said };
}

/** What speaks of no findings (coverage, a list of components) is no scan; and neither is one that looked for secrets alone. */
function asScan(event: RecordedEvent): ScanStatement | undefined {
  const { findings, vulnerabilities, advisories } = event.data;
  const said = fieldsOf(findings);
  if (said === undefined || vulnerabilities === "NotScanned") return undefined;
  const named = Array.isArray(advisories) ? advisories.flatMap(asNamed) : [];
  return { ...stated(event), counts: countsIn(said), named };
}

function countsIn(said: Record<string, unknown>): SeverityCounts {
  const none = countSeverities([]);
  for (const severity of severities) {
    const count = said[severity];
    if (typeof count === "number" && count > 0) none[severity] = count;
  }
  return none;
}

function asNamed(value: Json | undefined): ScanStatement["named"] {
  const { id, severity, package: of } = fieldsOf(value) ?? {};
  if (typeof id !== "string") return [];
  const known = severityOf(typeof severity === "string" ? severity : undefined);
  return [{ id, severity: known, package: typeof of === "string" ? of : "" }];
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

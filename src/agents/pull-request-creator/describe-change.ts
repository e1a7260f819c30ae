/** What a delivery's pull request says now: the commit, its evidence as far as there is any, and whom to ask. */
import {
  type BodyFacts,
  bodyParts,
  type SbomFacts,
  type TestFacts,
} from "../../domain/pull-request/body-parts.ts";
import { labelsOf } from "../../domain/pull-request/change-facts.ts";
import { codeownersPlaces, ownersOf, parseCodeowners } from "../../domain/pull-request/codeowners.ts";
import { bounded, builtInTemplate, fill } from "../../domain/pull-request/template.ts";
import { sbomChange } from "../../domain/supply-chain/sbom-change.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { PullRequestText } from "../../ports/forge.ts";
import type { FileDelta } from "../../ports/source-control.ts";
import { settingsAt } from "../settings-at.ts";
import type { Evidence } from "./find-evidence.ts";
import type { PullRequestCreatorPorts } from "./ports.ts";
import { readCommitFacts, readCoverage } from "./read-artifacts.ts";

export interface Change {
  subject: string;
  files: FileDelta[];
  /** The modules that travel in it, this one among them. */
  modules: string[];
  evidence: Evidence | undefined;
}

export interface Described extends PullRequestText {
  facts: BodyFacts;
}

export async function describeChange(
  { sourceControl, tenants }: PullRequestCreatorPorts,
  context: AgentContext,
  change: Change,
): Promise<Described> {
  const { handOver, invocation } = context;
  const { repositories } = await tenants.get(invocation.tenantId);
  const pullRequests = await settingsAt(tenants, "pull-request-creator", context);
  const { subject, files, modules, evidence } = change;
  const { decision, version } = await readCommitFacts(context);
  const sbom = await readSbomChange({ sourceControl }, context, decision?.previous ?? null);
  const facts: BodyFacts = {
    tenantId: invocation.tenantId,
    traceId: invocation.traceId,
    moduleId: invocation.moduleId,
    version: version ?? handOver.module.version,
    environments: handOver.environments,
    sponsor: handOver.sponsor,
    subject,
    files,
    modulesFolder: handOver.folder === "" ? "" : repositories.folder,
    secrets: handOver.module.needs.secrets,
    ...(decision !== undefined && { decision }),
    ...(evidence !== undefined && { tests: await testFacts(context, evidence) }),
    ...(sbom !== undefined && { sbom }),
  };
  const owners = await codeowners({ sourceControl }, context, files);
  const reviewers = [...new Set([...owners, ...pullRequests.reviewers])];
  return {
    title: titleOf(subject, modules, invocation.traceId),
    body: bounded(fill(pullRequests.template ?? builtInTemplate, bodyParts(facts))),
    labels: labelsOf({ subject, modules, files, policy: pullRequests.labels }),
    reviewers: reviewers.filter((one) => one.replace(/^@/, "") !== handOver.sponsor),
    facts,
  };
}

function titleOf(subject: string, modules: string[], traceId: string): string {
  if (modules.length < 2) return subject;
  const names = modules.toSorted();
  const shown = names.length > 3 ? `${names.length} modules` : names.join(", ");
  return `feat: deliver ${shown} for ${traceId}`;
}

/** Of the target branch: a change does not choose who looks at it. */
async function codeowners(
  { sourceControl }: Pick<PullRequestCreatorPorts, "sourceControl">,
  { handOver }: AgentContext,
  files: FileDelta[],
): Promise<string[]> {
  const { repository, targetBranch } = handOver;
  const found = await sourceControl.readFiles(repository, targetBranch, [...codeownersPlaces]);
  const text = codeownersPlaces.map((place) => found[place]).find((one) => one !== undefined);
  if (text === undefined) return [];
  const rules = parseCodeowners(text);
  return [...new Set(files.flatMap(({ path }) => ownersOf(rules, path)))];
}

async function testFacts(context: AgentContext, { built, tested }: Evidence): Promise<TestFacts> {
  const counts = tested.data.tests as TestFacts["counts"];
  const coverage = await readCoverage(context, String(tested.data.tree));
  return {
    passed: tested.name === "TestsPassed",
    applicable: tested.data.applicable !== false,
    reportDigest: String(tested.data.reportDigest),
    artifact: String(built.data.artifact),
    ...(counts !== undefined && { counts }),
    ...(coverage !== undefined && { coverage }),
  };
}

/**
 * A module that is new brings all of its components. An update is compared with what the delivery wrote whose
 * change landed last; where that cannot be read nothing is claimed.
 */
async function readSbomChange(
  { sourceControl }: Pick<PullRequestCreatorPorts, "sourceControl">,
  { memory, handOver, invocation }: AgentContext,
  previous: string | null,
): Promise<SbomFacts | undefined> {
  const sbom = await memory.read("supply-chain", "SBOM.json");
  if (sbom === undefined) return undefined;
  if (previous === null) return sbomChange(undefined, sbom);
  const { repository, targetBranch } = handOver;
  const where = { "Module-Id": invocation.moduleId, "Tenant-Id": invocation.tenantId };
  const [landed] = await sourceControl.log({ repository, to: targetBranch, where, limit: 1 });
  const traceId = landed?.trailers["Trace-Id"];
  const before =
    traceId === undefined ? undefined : await memory.readFrom(traceId, "supply-chain", "SBOM.json");
  return before === undefined ? undefined : sbomChange(before, sbom);
}

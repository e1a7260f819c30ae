/** What a release changes, against what serves there; of one that was deployed, against what it took the place of. */
import { parse } from "yaml";
import { canonicalJson } from "../../../domain/canonical-json.ts";
import { artifactPath } from "../../../domain/memory/artifact-path.ts";
import { currentOf } from "../../../domain/rollout/deployment-facts.ts";
import { type SbomChange, sbomChange } from "../../../domain/supply-chain/sbom-change.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import type { FileDelta } from "../../../ports/source-control.ts";
import { type RolloutInWords, rolloutOf } from "../../decisions/rollout-of.ts";
import { type DeploymentDiff, diffWith, type NamedChanges } from "../../diff-deployment.ts";
import type { System } from "../../system.ts";
import type { ReleaseAtHand, Summary } from "./release-at-hand.ts";

export interface ReleaseChanges {
  /** What it is compared with; null where nothing served before. */
  against: { version: string; releaseId: string; traceId: string; commit?: string; since: string } | null;
  /** Null where the repository cannot be read here. */
  code: CodeChange | null;
  configuration: NamedChanges;
  /** Names only. */
  secrets: NamedChanges;
  plan: PlanChange;
  /** Null where neither side has an SBOM. */
  sbom: SbomChange | null;
  /** Keys of the effective policy that differ, each value as JSON; empty where there is nothing to compare with. */
  policy: { key: string; before: string; after: string }[];
}

export interface CodeChange {
  base: string | null;
  head: string;
  files: FileChange[];
  insertions: number;
  deletions: number;
  /** Some texts are left out because they are too long together. */
  truncated: boolean;
}

export interface FileChange extends FileDelta {
  /** A unified diff as git prints it; absent where it is too long, or of bytes. */
  patch?: string;
}

export interface PlanChange {
  /** What is made, changed and removed of the environment, one sentence each. */
  infrastructure: string[];
  rollout: RolloutInWords | null;
  /** Of the release that it is compared with. */
  rolloutBefore: RolloutInWords | null;
}

const mostPatchBytes = 512 * 1_024;

export async function releaseChanges(system: System, release: ReleaseAtHand): Promise<ReleaseChanges> {
  const { record, environment, releaseId } = release;
  const { subject } = record;
  const { tenantId, moduleId } = subject;
  const place = { tenantId, environment, moduleId };
  const history = await system.ledger.history(place);
  const own = history.findIndex((fact) => fact.releaseId === releaseId);
  const entry = currentOf(own === -1 ? history : history.slice(0, own));
  const spec = await system.ledger.dispatched(place, { releaseId });
  const handOver = record.handOver;
  const [diff, plan, sbom, policy] = await Promise.all([
    // A repository on another host, or bytes that are gone, keep nobody from deciding.
    handOver === undefined
      ? null
      : diffWith(system, { subject, handOver, environment }, { entry, spec }).catch(() => null),
    planChange(system, release, entry),
    sbomOf(system, release, entry),
    policyChange(system, release, entry),
  ]);
  return {
    against: entry === undefined ? null : againstOf(entry, diff),
    code: diff === null ? null : await codeChange(system, release, diff),
    configuration: diff?.configuration ?? nothing,
    secrets: diff?.secrets ?? nothing,
    ...{ plan, sbom, policy },
  };
}

const nothing: NamedChanges = { added: [], removed: [], changed: [] };

function againstOf({ version, releaseId, traceId, at }: LedgerEntry, diff: DeploymentDiff | null) {
  const commit = diff?.serving?.commit;
  return { version, releaseId, traceId, since: at, ...(commit !== undefined && { commit }) };
}

async function codeChange(
  system: System,
  { record }: ReleaseAtHand,
  { files, serving, next }: DeploymentDiff,
): Promise<CodeChange | null> {
  const { repository = "", folder = "" } = record.handOver ?? {};
  if (files === null || next.commit === null) return null;
  const ours = files.filter(({ path }) => folder === "" || path.startsWith(`${folder}/`));
  const base = serving?.commit;
  const asked = { repository, base, head: next.commit, ...(folder !== "" && { paths: [folder] }) };
  const text = await system.sourceControl.patch({ ...asked, maxBytes: mostPatchBytes }).catch(() => "");
  const truncated = Buffer.byteLength(text) >= mostPatchBytes;
  const patches = patchesOf(text, truncated);
  return {
    base: base ?? null,
    head: next.commit,
    files: ours.map((file) => {
      const patch = patches.get(file.path);
      return { ...file, ...(patch !== undefined && { patch }) };
    }),
    insertions: ours.reduce((sum, file) => sum + file.insertions, 0),
    deletions: ours.reduce((sum, file) => sum + file.deletions, 0),
    truncated,
  };
}

/** The text of each file; the last one is left out where it was cut off. */
export function patchesOf(text: string, truncated: boolean): Map<string, string> {
  const parts = text.split(/^(?=diff --git )/m).filter((part) => part.startsWith("diff --git "));
  const whole = truncated ? parts.slice(0, -1) : parts;
  return new Map(whole.flatMap((part) => pathsIn(part).map((path) => [path, part] as const)));
}

/** As it is called now, or was where it is gone. */
function pathsIn(part: string): string[] {
  const name = (mark: string) => new RegExp(`^${mark} "?[ab]/(.*?)"?\\t?$`, "m").exec(part)?.[1];
  const path = name("\\+\\+\\+") ?? name("---");
  return path === undefined ? [] : [path];
}

async function planChange(
  system: System,
  { record, environment, releaseId }: ReleaseAtHand,
  entry: LedgerEntry | undefined,
): Promise<PlanChange> {
  const { subject } = record;
  const { tenantId } = subject;
  const planPath = artifactPath(
    { ...subject, environment },
    { kind: "env", name: "InfrastructurePlan.json" },
  );
  const rolloutAt = (of: { traceId: string; releaseId: string }) =>
    artifactPath({ ...subject, environment, ...of }, { kind: "deployments", name: "RolloutPlan.yaml" });
  const own = rolloutAt({ traceId: subject.traceId, releaseId });
  const former = entry === undefined ? undefined : rolloutAt(entry);
  const paths = [planPath, own, ...(former === undefined ? [] : [former])];
  const found = await system.store.newestArtifacts({ tenantId, paths });
  const read = (path: string | undefined): unknown => {
    const content = path === undefined ? undefined : found.get(path)?.content;
    return content === undefined ? undefined : parse(content);
  };
  return {
    infrastructure: infrastructureLines(read(planPath)),
    rollout: rolloutOf(read(own)),
    rolloutBefore: rolloutOf(read(former)),
  };
}

function infrastructureLines(plan: unknown): string[] {
  const changes = (plan as { changes?: unknown } | undefined)?.changes;
  if (!Array.isArray(changes)) return [];
  return changes.map(({ action, kind, name, detail }) => {
    const more = detail === undefined ? "" : ` (${detail})`;
    return `${action} ${kind} ${name}${more}`;
  });
}

async function sbomOf(
  system: System,
  { record: { subject } }: ReleaseAtHand,
  entry: LedgerEntry | undefined,
): Promise<SbomChange | null> {
  const at = (traceId: string) =>
    artifactPath({ ...subject, traceId }, { kind: "supply-chain", name: "SBOM.json" });
  const [own, former] = [at(subject.traceId), entry === undefined ? undefined : at(entry.traceId)];
  const found = await system.store.newestArtifacts({
    tenantId: subject.tenantId,
    paths: [own, ...(former === undefined ? [] : [former])],
  });
  const after = found.get(own)?.content;
  if (after === undefined) return null;
  return sbomChange(former === undefined ? undefined : found.get(former)?.content, after);
}

/** As the verdicts on both recorded it. */
async function policyChange(
  system: System,
  { record: { subject }, environment, summary }: ReleaseAtHand,
  entry: LedgerEntry | undefined,
): Promise<ReleaseChanges["policy"]> {
  if (entry === undefined || summary?.policy === undefined) return [];
  const { traceId, releaseId } = entry;
  const path = artifactPath(
    { ...subject, traceId, environment, releaseId },
    { kind: "releases", name: "ReleaseSummary.json" },
  );
  const written = await system.store.artifact({ tenantId: subject.tenantId, path });
  const before = written === undefined ? undefined : (parse(written.content) as Summary).policy;
  if (before === undefined) return [];
  const after = summary.policy;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .map((key) => ({ key, before: textOf(before[key]), after: textOf(after[key]) }))
    .filter((one) => one.before !== one.after);
}

function textOf(value: unknown): string {
  return value === undefined ? "not set" : canonicalJson(value);
}

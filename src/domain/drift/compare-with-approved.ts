/** What runs, compared with what was approved and deployed: pure, in words, and without any value of a setting. */
import { digestOf } from "../canonical-json.ts";

/** What the ledger says of a place; undefined where nothing serves by its facts. */
export interface Approved {
  releaseId: string;
  version: string;
  artifact: string;
  replicas: number;
}

/** One release as the host really has it, measured by looking at the host and not at records. */
export interface ObservedRelease {
  releaseId: string;
  traffic: boolean;
  weight: number;
  instances: number;
  /** Digest of the release directory as its bytes are now; undefined where it is gone. */
  artifact?: string;
  /** Variables (of those that were given) that the processes really have otherwise; names only. */
  changedVariables: string[];
  /** The command line that was wanted and the one that was found, where they differ. */
  command?: { wanted: string[]; found: string[] };
}

export type DifferenceKind =
  | "artifact"
  | "configuration"
  | "secret-version"
  | "command"
  | "instances"
  | "weight"
  | "unknown-release"
  | "not-serving";

export interface Difference {
  kind: DifferenceKind;
  releaseId: string;
  /** What was expected and what was found, one sentence. */
  words: string;
  approved?: string;
  found?: string;
  variables?: string[];
}

/** In a fixed order; empty where what runs is what was approved. */
export function compareWithApproved(
  approved: Approved | undefined,
  observed: readonly ObservedRelease[],
): Difference[] {
  const own = observed.find(({ releaseId }) => releaseId === approved?.releaseId);
  const strangers = observed
    .filter(({ traffic, releaseId }) => traffic && releaseId !== approved?.releaseId)
    .toSorted((a, b) => (a.releaseId < b.releaseId ? -1 : 1))
    .map((one) => stranger(one, approved));
  if (approved === undefined) return strangers;
  return [...differencesOf(approved, own), ...strangers];
}

/** Names a set of differences: the same ones have the same name. */
export function digestOfDifferences(differences: readonly Difference[]): string {
  return digestOf(differences.map((one) => ({ ...one })));
}

function differencesOf(approved: Approved, own: ObservedRelease | undefined): Difference[] {
  const { releaseId, version } = approved;
  const name = `${version} (${releaseId})`;
  const gone = own === undefined || own.instances === 0;
  if (gone || !own.traffic)
    return [
      {
        kind: "not-serving",
        releaseId,
        words: `${name} was deployed and does not serve: ${gone ? "no process of it runs" : "it has no traffic"}.`,
      },
    ];
  const found: Difference[] = [];
  if (own.artifact !== approved.artifact)
    found.push({
      kind: "artifact",
      releaseId,
      approved: approved.artifact,
      found: own.artifact ?? "nothing",
      words: `The files of ${name} are not the approved ones: expected ${short(approved.artifact)}, found ${own.artifact === undefined ? "none" : short(own.artifact)}.`,
    });
  if (own.changedVariables.length > 0)
    found.push({
      kind: "configuration",
      releaseId,
      variables: own.changedVariables.toSorted(),
      words: `${name} runs with other values of ${own.changedVariables.toSorted().join(", ")} than it was deployed with.`,
    });
  if (own.command !== undefined) found.push(otherCommand(name, releaseId, own.command));
  if (own.instances !== approved.replicas)
    found.push({
      kind: "instances",
      releaseId,
      approved: String(approved.replicas),
      found: String(own.instances),
      words: `${own.instances} instances of ${name} run, ${approved.replicas} were deployed.`,
    });
  if (own.weight !== 100)
    found.push({
      kind: "weight",
      releaseId,
      approved: "100",
      found: String(own.weight),
      words: `${name} has ${own.weight} % of the traffic, and by what was deployed all of it.`,
    });
  return found;
}

/** Arguments that somebody typed may hold a secret: the program and the first of them say enough. */
function otherCommand(
  name: string,
  releaseId: string,
  { wanted, found }: NonNullable<ObservedRelease["command"]>,
): Difference {
  const shown = found.slice(0, 2).join(" ") + (found.length > 2 ? " ..." : "");
  return {
    kind: "command",
    releaseId,
    approved: wanted.join(" "),
    found: shown,
    words: `${name} was started as ${shown}, and by what was deployed as ${wanted.join(" ")}.`,
  };
}

function stranger({ releaseId, weight }: ObservedRelease, approved: Approved | undefined): Difference {
  const instead =
    approved === undefined ? "nothing was deployed here" : `${approved.releaseId} was deployed last`;
  return {
    kind: "unknown-release",
    releaseId,
    found: String(weight),
    words: `${releaseId} has ${weight} % of the traffic, and ${instead}.`,
  };
}

function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

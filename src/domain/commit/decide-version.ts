/** The version of what is committed: what the module declares, what was there before, and what changed (docs/adr/0009). */
import semver from "semver";
import { type Bump, type Change, weightiest } from "./change.ts";

export interface VersionFacts {
  /** As the module says; `0.0.0` says nothing. */
  declared: string;
  /** The newest version of the module on the target branch. */
  previous: string | undefined;
  /** Whether anything of the content differs. */
  changed: boolean;
  changes: readonly Change[];
  /** It takes a released change back, which gives consumers what they had: never more than a feature. */
  restores?: boolean;
  /** Versions of the module that are tagged. */
  taken?: readonly string[];
}

export interface VersionDecision {
  declared: string | null;
  previous: string | null;
  bump: Bump | "none";
  version: string;
  reasons: string[];
}

const firstVersion = "0.1.0";

export function decideVersion(facts: VersionFacts): VersionDecision {
  const declared = facts.declared === "0.0.0" ? null : facts.declared;
  const previous = facts.previous ?? null;
  if (previous === null) {
    const reason =
      declared === null
        ? `The first version, as the module declares none.`
        : `The first version, as the module declares it.`;
    return { declared, previous, bump: "feature", version: declared ?? firstVersion, reasons: [reason] };
  }
  const ahead = declared !== null && semver.gt(declared, previous);
  if (!facts.changed)
    return {
      declared,
      previous,
      bump: "none",
      version: ahead ? declared : previous,
      reasons: [ahead ? `The module declares ${declared}.` : "The content is unchanged."],
    };
  const found = weightiest(facts.changes.map(({ bump }) => bump));
  const bump = facts.restores === true && found === "breaking" ? "feature" : found;
  const texts = facts.changes.map(({ text }) => `${text}.`);
  const asked = increment(previous, bump);
  if (ahead)
    return {
      declared,
      previous,
      bump: weightiest([bump, stepOf(previous, declared)]),
      version: declared,
      reasons: [...texts, ...aheadReasons({ declared, previous, asked, bump })],
    };
  const version = firstFree(asked, facts.taken ?? []);
  const said =
    declared === null ? [] : [`The module declares ${declared}; ${previous} is there with other content.`];
  return { declared, previous, bump, version, reasons: [...texts, ...said] };
}

/** SemVer §4: before 1.0.0 what breaks and what adds move the minor version. A prerelease goes on as one. */
function increment(previous: string, bump: Bump): string {
  const { major, prerelease } = semver.parse(previous, {}, true);
  if (prerelease.length > 0) return String(semver.inc(previous, "prerelease"));
  if (bump === "fix") return String(semver.inc(previous, "patch"));
  return String(semver.inc(previous, bump === "breaking" && major > 0 ? "major" : "minor"));
}

function stepOf(previous: string, declared: string): Bump {
  const step = semver.diff(previous, declared);
  if (step === "major" || step === "premajor") return "breaking";
  return step === "minor" || step === "preminor" ? "feature" : "fix";
}

function aheadReasons(step: { declared: string; previous: string; asked: string; bump: Bump }): string[] {
  const { declared, previous, asked, bump } = step;
  const said = `The module declares ${declared}, above ${previous}.`;
  if (semver.gte(declared, asked)) return [said];
  return [said, `By what changed (${bump}) at least ${asked} was expected.`];
}

function firstFree(asked: string, taken: readonly string[]): string {
  let version = asked;
  while (taken.includes(version))
    version = String(semver.inc(version, semver.prerelease(version) === null ? "patch" : "prerelease"));
  return version;
}

/** What stands behind the digests that an approval binds, so that a change of them can be told in words. */
import { canonicalJson, sha256Hex } from "../canonical-json.ts";
import type { Digests } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";

/** By the name of a digest: names of its parts, each with something that differs when the part does. */
export type BoundDetails = Partial<Record<keyof Digests, Record<string, string>>>;

export interface BoundParts {
  rolloutPlan: unknown;
  infrastructurePlan: unknown;
  configuration: Record<string, string>;
  secretVersions: Record<string, string>;
  policy: object;
}

const longestShown = 60;

export function detailsOf(parts: BoundParts): BoundDetails {
  const { rolloutPlan, infrastructurePlan, configuration, secretVersions, policy } = parts;
  return {
    rolloutPlan: keyed(rolloutPlan, marked),
    infrastructurePlan: keyed(infrastructurePlan, marked),
    configuration: keyed(configuration, marked),
    secretVersions,
    policy: keyed(policy, shown),
  };
}

/** What each digest stands for, as people read it. */
export const boundWords: Record<keyof Digests, string> = {
  commit: "commit",
  tree: "source tree",
  artifact: "artifact",
  image: "image",
  rolloutPlan: "rollout plan",
  infrastructurePlan: "infrastructure plan",
  configuration: "configuration",
  secretVersions: "secrets",
  policy: "release policy",
};

/** One clause for each thing that differs. `files`: of the commits, where it could be counted. */
export function changesInWords(
  before: { digests: Digests; details: BoundDetails | undefined },
  after: { digests: Digests; details: BoundDetails },
  files?: number,
): string[] {
  const names = [...new Set([...Object.keys(after.digests), ...Object.keys(before.digests)])];
  return (names as (keyof Digests)[])
    .filter((name) => before.digests[name] !== after.digests[name])
    .map((name) => {
      const [was, is] = [before.details?.[name], after.details[name]];
      if (was !== undefined && is !== undefined) return `${boundWords[name]}: ${partsChanged(name, was, is)}`;
      const counted =
        name === "commit" && files !== undefined ? `: ${files} file${files === 1 ? "" : "s"}` : "";
      return `${boundWords[name]} ${short(before.digests[name])} -> ${short(after.digests[name])}${counted}`;
    });
}

function partsChanged(name: keyof Digests, was: Record<string, string>, is: Record<string, string>): string {
  const parts = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  const changed = parts.filter((part) => was[part] !== is[part]);
  if (changed.length === 0) return "changed";
  return changed
    .map((part) => {
      const [old, present] = [was[part], is[part]];
      if (old === undefined) return `${part} was added`;
      if (present === undefined) return `${part} was removed`;
      return name === "policy" ? `${part} ${old} -> ${present}` : `${part} changed`;
    })
    .join(", ");
}

function keyed(value: unknown, mark: (part: unknown) => string): Record<string, string> {
  const parts = typeof value === "object" && value !== null ? (value as JsonObject) : { all: value };
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, mark(part)]),
  );
}

function marked(part: unknown): string {
  return sha256Hex(canonicalJson(part)).slice(0, 16);
}

function shown(part: unknown): string {
  const text = typeof part === "string" ? part : canonicalJson(part);
  return text.length <= longestShown ? text : marked(part);
}

function short(digest: string | undefined): string {
  return digest === undefined ? "nothing" : digest.replace(/^sha256:/, "").slice(0, 12);
}

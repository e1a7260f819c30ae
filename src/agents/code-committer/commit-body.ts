/** The body of a module's commit: what changed, and why its version is what it is. */
import type { Change } from "../../domain/commit/change.ts";
import type { VersionDecision } from "../../domain/commit/decide-version.ts";
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import type { FileDelta } from "../../ports/source-control.ts";
import type { Joined } from "./join-content.ts";

const listed = 20;

export interface BodyFacts {
  handOver: HandOver;
  moduleId: string;
  decision: VersionDecision;
  changes: readonly Change[];
  files: readonly FileDelta[];
  joined: Extract<Joined, { status: "joined" }>;
}

export function commitBody(facts: BodyFacts): string {
  const { handOver, decision, joined } = facts;
  const breaking = facts.changes.filter(({ bump }) => bump === "breaking").map(({ text }) => text);
  const reasons = decision.reasons.map((reason) => `- ${reason}`);
  const more = reasons.length - listed;
  return [
    `${headline(facts)}: ${statOf(facts.files)}.`,
    [...reasons.slice(0, listed), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n"),
    ...(joined.how === "merged"
      ? [`Merged with what was changed on ${handOver.targetBranch} since the last hand-over.`]
      : []),
    ...(joined.how === "taken"
      ? [
          `Conflicts settled by the ${handOver.take === "branch" ? "branch" : "hand-over"}: ${joined.resolved.join(", ")}.`,
        ]
      : []),
    ...(decision.bump === "breaking" ? [`BREAKING CHANGE: ${breakingText(breaking, decision)}`] : []),
  ].join("\n\n");
}

function headline({ handOver, moduleId, decision }: BodyFacts): string {
  const { reverts } = handOver;
  if (reverts !== undefined)
    return `Takes back ${reverts.version}, which ${reverts.traceId} brought (${reverts.commit})`;
  const { previous, version } = decision;
  return previous === null
    ? `Adds ${moduleId} ${version}`
    : `Updates ${moduleId} from ${previous} to ${version}`;
}

function breakingText(texts: string[], { version }: VersionDecision): string {
  if (texts.length === 0) return `the module declares it with the version ${version}`;
  const shown = texts.slice(0, listed).join("; ");
  return texts.length > listed ? `${shown}; and ${texts.length - listed} more` : shown;
}

function statOf(files: readonly FileDelta[]): string {
  const sum = (of: "insertions" | "deletions") => files.reduce((total, file) => total + file[of], 0);
  const count = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  return `${count} changed, ${sum("insertions")} insertions, ${sum("deletions")} deletions`;
}

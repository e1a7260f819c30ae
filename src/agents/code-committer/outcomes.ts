/** Ends of a commit that was not made, each with the way on. */
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import { artifactPath } from "../../domain/memory/artifact-path.ts";
import type { Refusal } from "../../domain/refusal.ts";
import type { AgentContext, AgentOutcome } from "../../ports/agent.ts";
import type { SecretFinding } from "../../ports/secret-scanner.ts";
import type { ConflictedFile } from "../../ports/source-control.ts";
import type { StartingPoint } from "./starting-point.ts";

const shownLines = 40;
const shownFiles = 10;
/** Of the text with markers that memory keeps, over all files. */
const keptCharacters = 200_000;

/** Nothing was committed: the files and the passages that contradict each other, for a person to decide. */
export function conflict(
  context: AgentContext,
  found: { files: ConflictedFile[]; hadBase: boolean; point: StartingPoint },
): AgentOutcome {
  const { handOver } = context;
  const { files, hadBase, point } = found;
  const paths = files.map(({ path }) => path);
  context.memory.write("commits", "MergeConflict.json", conflictDocument(handOver, found), "module");
  for (const { path, marked } of files.slice(0, shownFiles)) {
    context.progress(`conflict in ${path}${marked === undefined ? " (binary)" : ""}`);
    for (const line of passages(marked ?? "").slice(0, shownLines)) context.progress(`  ${line}`);
  }
  const path = artifactPath(context.invocation, { kind: "commits", name: "MergeConflict.json" });
  const where = `${handOver.targetBranch} of ${handOver.repository}`;
  const why = hadBase
    ? "changed there and in what was handed over, each in its own way"
    : `differ, and nothing is recorded of an earlier hand-over that would tell which is newer`;
  const adopt =
    hadBase || point.start.recorded !== undefined ? "" : " If what runs is what you hand over: --adopt.";
  return failed({
    code: "BranchPolicy",
    message: `${namesOf(paths)} ${why} (${where}). Nothing was overwritten. See the passages: connectsoft memory get ${path}`,
    next: `Bring the changes of ${where} into your source and hand it over again, or settle each passage with --take handed-over or --take branch.${adopt}`,
  });
}

function conflictDocument(
  handOver: HandOver,
  { files, point }: { files: ConflictedFile[]; point: StartingPoint },
): string {
  let room = keptCharacters;
  const kept = files.map(({ path, marked }) => {
    const text = marked?.slice(0, room);
    room -= text?.length ?? 0;
    const cut = marked !== undefined && text?.length !== marked.length;
    return { path, binary: marked === undefined, marked: text ?? null, cut };
  });
  const document = {
    repository: handOver.repository,
    folder: handOver.folder,
    branch: handOver.targetBranch,
    base: point.start.recorded?.sourceTree ?? null,
    ours: point.start.content ?? null,
    theirs: handOver.source.tree,
    files: kept,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The lines between the markers, markers included. */
function passages(marked: string): string[] {
  let inside = false;
  return marked.split("\n").filter((line) => {
    const opens = /^<{7} /.test(line);
    const closes = /^>{7} /.test(line);
    if (opens) inside = true;
    const kept = inside;
    if (closes) inside = false;
    return kept;
  });
}

export function secretsFound(context: AgentContext, findings: readonly SecretFinding[]): AgentOutcome {
  for (const { path, line, message } of findings.slice(0, shownLines))
    context.progress(`${path}:${line} ${message}`);
  const shown = findings.slice(0, shownFiles).map(({ path, line, message }) => `${path}:${line} ${message}`);
  const more = findings.length - shown.length;
  return failed({
    code: "ScanFailed",
    message: `Secrets must not be committed; found: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`,
    next: "Take them out, revoke what was real, and set them with connectsoft secret set; a test fixture can be named in commits.secretScanIgnores of tenant.yaml. Then hand the module over again.",
  });
}

function failed(refusal: Refusal): AgentOutcome {
  return { status: "Failed", emits: [], refusal, retryable: false };
}

function namesOf(paths: string[]): string {
  const shown = paths.slice(0, shownFiles).join(", ");
  return paths.length > shownFiles ? `${shown} and ${paths.length - shownFiles} more` : shown;
}

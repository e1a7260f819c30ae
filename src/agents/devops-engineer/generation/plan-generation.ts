/**
 * Generates every set of files, keeps what people wrote, and lays the rest over what is there by a three-way
 * merge. A set whose generated files are not valid is left out; what the merge made is looked at again.
 */
import { isGenerated } from "../../../domain/pipeline/generated-mark.ts";
import type { Generator } from "../../../domain/pipeline/generator.ts";
import { carryOverRegions } from "../../../domain/pipeline/kept-regions.ts";
import type { FileSet, RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { CheckFiles } from "../../../ports/file-validator.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";
import type { GenerationRequest, PlanGeneration, PlannedFile } from "../../../ports/pipeline-generator.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { generateSets } from "./generate-sets.ts";
import { judgeSets } from "./judge-sets.ts";
import { type Laid, layOver } from "./lay-over.ts";
import { filesIn, previousTree, unrecorded } from "./previous-generation.ts";

export interface GenerationPorts {
  sourceControl: SourceControl;
  dialects: readonly PipelineDialect[];
  generators: readonly Generator[];
  checkFiles: CheckFiles;
}

export function createGenerationPlanner(ports: GenerationPorts): PlanGeneration {
  const { sourceControl, checkFiles } = ports;
  return async function planGeneration(request) {
    const { repository, over, model, history = over } = request;
    const generated = generateSets(ports, request);
    const [{ valid, warnings, leftOut }, found, recorded] = await Promise.all([
      judgeSets(checkFiles, generated.wanted),
      sourceControl.readFiles(repository, over, generated.wanted.flatMap(pathsOf)),
      previousTree(sourceControl, { repository, moduleId: model.moduleId, history }),
    ]);
    const judged = new Set(valid.flatMap(pathsOf));
    const there = Object.fromEntries(Object.entries(found).filter(([path]) => judged.has(path)));
    const ours = valid.filter((set) => !set.files.some(({ path }) => isOwn(there[path])));
    const own = valid.filter((set) => !ours.includes(set));
    const pure = ours.flatMap(({ files }) => files);
    const generatedTree = await sourceControl.writeTree(repository, pure);
    const before = await filesBefore();
    // What is left out stays as an earlier generation left it.
    const kept = new Set([...own, ...generated.leftOut].flatMap(pathsOf));
    const laid = await layOver(sourceControl, {
      repository,
      over,
      before: before.filter(({ path }) => !kept.has(path)),
      next: pure.map((file) => carried(file, there[file.path])),
    });
    const files = await describe(request, { sets: ours, own, laid, before, there });
    // The same bytes as were judged just now would be judged alike.
    const findings = files.every(isAsGenerated) ? warnings : await checkFiles(files.filter(isPublished));
    return { tree: laid.tree, generatedTree, files, findings, leftOut };

    /** Most often the same as now, and then known without asking git for every file. */
    async function filesBefore(): Promise<RenderedFile[]> {
      if (recorded === undefined) return unrecorded(there);
      return recorded === generatedTree ? pure : await filesIn(sourceControl, repository, recorded);
    }
  };

  /** What stands in the tree that was made, file by file. */
  async function describe(
    { repository }: GenerationRequest,
    made: {
      sets: FileSet[];
      own: FileSet[];
      laid: Laid;
      before: RenderedFile[];
      there: Record<string, string>;
    },
  ): Promise<PlannedFile[]> {
    const { sets, own, laid, there } = made;
    const setOf = new Map([...sets, ...own].flatMap((set) => set.files.map(({ path }) => [path, set.name])));
    const gone = made.before.map(({ path }) => path).filter((path) => !setOf.has(path));
    const all = [...setOf.keys(), ...gone];
    const isKnown = laid.isAsBefore && gone.length === 0;
    const now = isKnown ? there : await sourceControl.readFiles(repository, laid.tree, all);
    const ownPaths = new Set(own.flatMap(({ files }) => files.map(({ path }) => path)));
    const pure = new Map(sets.flatMap((one) => one.files.map(({ path, content }) => [path, content])));
    return all.flatMap((path): PlannedFile[] => {
      const [content, set] = [now[path], setOf.get(path) ?? "earlier"];
      if (ownPaths.has(path))
        return content === undefined ? [] : [{ path, set, status: "own", content, edited: false }];
      const marked = laid.conflicts.get(path);
      if (marked !== undefined)
        return [{ path, set, status: "conflict", content: content ?? "", marked, edited: true }];
      if (content === undefined) return [{ path, set, status: "removed", content: "", edited: false }];
      return [
        { path, set, status: statusOf(there[path], content), content, edited: content !== pure.get(path) },
      ];
    });
  }
}

function pathsOf({ files }: FileSet): string[] {
  return files.map(({ path }) => path);
}

function carried(file: RenderedFile, current: string | undefined): RenderedFile {
  return current === undefined ? file : { ...file, content: carryOverRegions(file.content, current) };
}

function isOwn(content: string | undefined): boolean {
  return content !== undefined && !isGenerated(content);
}

function statusOf(before: string | undefined, now: string): PlannedFile["status"] {
  if (before === undefined) return "added";
  return before === now ? "unchanged" : "changed";
}

function isAsGenerated({ status, edited }: PlannedFile): boolean {
  return !edited && (status === "added" || status === "changed" || status === "unchanged");
}

/** The module's own files are its own business. */
function isPublished({ status }: PlannedFile): boolean {
  return status !== "own" && status !== "removed";
}

/** What GitLab's linter says and its schema cannot: jobs in stages that exist, that need and extend jobs that exist. */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding } from "../../../ports/file-validator.ts";
import { lineAt, parsedYaml } from "../parsed-yaml.ts";

type Entries = Record<string, unknown>;

/** Words at the top of a file that are no jobs. */
const keywords = new Set([
  "default",
  "include",
  "stages",
  "variables",
  "workflow",
  "spec",
  "image",
  "services",
  "cache",
  "before_script",
  "after_script",
]);
const everyStage = [".pre", "build", "test", "deploy", ".post"];

export function checkJobs(file: RenderedFile, files: readonly RenderedFile[]): FileFinding[] {
  const all = files.filter(({ path }) => /gitlab-ci\.ya?ml$/.test(path)).map(entriesOf);
  const jobs = new Set(all.flatMap((entries) => Object.keys(entries).filter((name) => !keywords.has(name))));
  const declared = all.flatMap(({ stages }) => (Array.isArray(stages) ? stages.map(String) : []));
  const stages = new Set(declared.length === 0 ? everyStage : [".pre", ...declared, ".post"]);
  const found: FileFinding[] = [];
  const own = entriesOf(file);
  for (const [name, job] of Object.entries(own)) {
    if (keywords.has(name) || typeof job !== "object" || job === null) continue;
    const { stage, needs, extends: bases, script, run, trigger } = job as Entries;
    const report = (key: string, message: string, suggestion: string) =>
      found.push(finding(file, [name, key], { message: `${name}: ${message}`, suggestion }));
    if (typeof stage === "string" && !stages.has(stage))
      report(
        "stage",
        `there is no stage ${stage}`,
        `Use one of ${[...stages].join(", ")}, or add it to stages.`,
      );
    for (const need of listOf(needs).map(needName))
      if (need !== undefined && !jobs.has(need))
        report("needs", `needs ${need}, which is no job`, "Name a job of this pipeline.");
    for (const base of listOf(bases))
      if (typeof base === "string" && !jobs.has(base))
        report("extends", `extends ${base}, which is no job`, "Name a job of this pipeline.");
    const acts = [script, run, trigger, bases].some((value) => value !== undefined);
    if (!name.startsWith(".") && !acts)
      report(
        "script",
        "has neither script, run nor trigger",
        "Say what the job runs, or begin its name with a dot.",
      );
  }
  return found;
}

function entriesOf(file: RenderedFile): Entries {
  const { value } = parsedYaml(file);
  return typeof value === "object" && value !== null ? (value as Entries) : {};
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** What another pipeline or project makes cannot be looked up here, and what is optional may be missing. */
function needName(need: unknown): string | undefined {
  if (typeof need === "string") return need;
  if (typeof need !== "object" || need === null) return undefined;
  const { job, project, pipeline, optional } = need as Entries;
  const isElsewhere = project !== undefined || pipeline !== undefined || optional === true;
  return typeof job === "string" && !isElsewhere ? job : undefined;
}

function finding(
  file: RenderedFile,
  at: string[],
  said: { message: string; suggestion: string },
): FileFinding {
  const line = lineAt(parsedYaml(file), at);
  return { path: file.path, line, rule: "gitlab-jobs", severity: "error", ...said };
}

/**
 * Writes the pipeline files, commits them to the pull request's branch and says in PipelineSnapshot.yaml what
 * they are. A file that the module brought itself stays as it is. A repeated attempt finds its own commit.
 */
import { parseDocument } from "yaml";
import { sha256 } from "../../../domain/canonical-json.ts";
import { containerFiles } from "../../../domain/pipeline/container-files.ts";
import { isGenerated } from "../../../domain/pipeline/generated-mark.ts";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import {
  generatedFile,
  pipelineSnapshot,
  type SnapshotFile,
  stagesDocument,
} from "../../../domain/pipeline/pipeline-snapshot.ts";
import { settingsTemplate } from "../../../domain/pipeline/settings-template.ts";
import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { type Head, modelOf, pullRequestHead, traceBranch } from "../pull-request-head.ts";

/** Files that only make sense together: those of one dialect, those of the image. */
interface FileSet {
  dialect?: string;
  files: RenderedFile[];
}

export function createGeneratePipeline({ sourceControl, dialects, tenants }: DevOpsEngineerPorts): Skill {
  return async function generatePipeline(context) {
    const { handOver, memory } = context;
    const model = await modelOf(context, { tenants });
    const before = await pullRequestHead(sourceControl, context);
    const sets: FileSet[] = [
      ...dialects.map((dialect) => ({ dialect: dialect.name, files: dialect.render(model) })),
      { files: containerFiles(model, handOver.module) },
      { files: [settingsTemplate(model, handOver.module)] },
    ];
    const paths = sets.flatMap(({ files }) => files.map(({ path }) => path));
    const there = await sourceControl.readFiles(handOver.repository, before.commit, paths);
    const own = (set: FileSet) => set.files.filter(({ path }) => isOwn(there[path]));
    const ours = sets.filter((set) => own(set).length === 0);

    const problems = ours.flatMap(({ files }) => files.flatMap(problemsOf));
    if (problems.length > 0) return invalid(problems);

    const files = ours.flatMap((set) => set.files);
    const head = await commitFiles(context, files);
    const kept = sets.flatMap((set) => own(set).map(({ path }) => ownFile(path, there[path] ?? "", set)));
    const listed = ours.flatMap((set) => set.files.map((file) => generatedFile(file, set.dialect)));
    for (const { path } of kept) context.progress(`${path} is the module's own and stays as it is`);
    for (const file of files) memory.write("pipelines", file.path, file.content);
    memory.write("pipelines", "CIStages.yaml", stagesDocument(context.invocation, model));
    memory.write(
      "pipelines",
      "PipelineSnapshot.yaml",
      pipelineSnapshot(context.invocation, { model, head, files: [...listed, ...kept] }),
    );
    const names = ours.flatMap(({ dialect }) => dialect ?? []);
    return {
      status: "Success",
      summary: `${files.length} pipeline files in ${names.length} dialects, ${head.commit.slice(0, 12)}`,
      emits: [{ name: "PipelineReady", data: { commit: head.commit, tree: head.tree, dialects: names } }],
    };
  };

  async function commitFiles(context: AgentContext, files: RenderedFile[]): Promise<Head> {
    const { handOver, invocation } = context;
    const { tenantId, traceId, moduleId, invocationId, invokedAt } = invocation;
    const { commit, tree } = await sourceControl.commit({
      repository: handOver.repository,
      branch: traceBranch(context),
      base: handOver.targetBranch,
      content: { files },
      subject: `ci: generate the pipeline of ${moduleId}`,
      trailers: {
        "Trace-Id": traceId,
        "Tenant-Id": tenantId,
        "Module-Id": moduleId,
        "Agent-Id": invocation.agentId,
        "Skill-Id": invocation.skillId,
      },
      author: { name: "DevOps Engineer", email: "devops-engineer@agents.connectsoft.invalid" },
      at: invokedAt,
      invocationId,
    });
    return { commit, tree };
  }
}

function isOwn(content: string | undefined): boolean {
  return content !== undefined && !isGenerated(content);
}

function ownFile(path: string, content: string, set: FileSet): SnapshotFile {
  const of = set.dialect === undefined ? {} : { dialect: set.dialect };
  return { path, ...of, origin: "module", digest: sha256(content) };
}

/** What a platform would find wrong at its first look. */
function problemsOf({ path, content }: RenderedFile): Refusal[] {
  if (/\.ya?ml$/.test(path))
    return parseDocument(content, { strict: true, uniqueKeys: true }).errors.map((error) =>
      problem(path, error.message.split("\n", 1)[0] ?? "not YAML"),
    );
  if (!path.endsWith(".json")) return [];
  try {
    JSON.parse(content);
    return [];
  } catch (error) {
    return [problem(path, error instanceof Error ? error.message : "not JSON")];
  }
}

function problem(path: string, what: string): Refusal {
  return {
    code: "ModuleInvalid",
    message: `The generated ${path} cannot be read: ${what}.`,
    next: "Look at the module's commands in module.yaml, then rebuild: connectsoft rebuild.",
  };
}

function invalid(reasons: Refusal[]): AgentOutcome {
  const [refusal = problem("pipeline", "no reason")] = reasons;
  const emits = [
    { name: "PipelineInvalid" as const, data: { reasons: reasons.map((reason) => ({ ...reason })) } },
  ];
  return { status: "Failed", retryable: false, refusal, emits };
}

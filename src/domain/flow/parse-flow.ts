/**
 * Text of a flow file to a definition that compiles, or everything that is wrong with it by line and
 * column. The language is described in docs/reference/flow-files.md.
 */
import type { AgentManifest } from "../agent/manifest.ts";
import { checkFlow } from "./check-flow.ts";
import { applyConventions } from "./conventions.ts";
import { allStates, type FlowDefinition } from "./flow-definition.ts";
import type { FlowProblem, Report } from "./flow-problem.ts";
import { type FlowFile, flowFileSchema } from "./flow-schema.ts";
import { readStates } from "./read-states.ts";
import { readYaml, type YamlSource } from "./read-yaml.ts";
import { reportShape } from "./shape-problems.ts";

/** Problems in the order of the file, at most a hundred of them. `file` names the file in messages. */
export function parseFlow(
  text: string,
  file: string,
  agents: readonly AgentManifest[],
): { flow: FlowDefinition } | { problems: FlowProblem[] } {
  const problems: FlowProblem[] = [];
  const report: Report = ({ line, column }, message, suggestion) => {
    problems.push({ file, line, column, message, ...(suggestion === undefined ? {} : { suggestion }) });
  };
  const flow = read(text, file, { agents, report, failed: () => problems.length > 0 });
  if (flow !== undefined && problems.length === 0) return { flow };
  return { problems: sorted(problems).slice(0, 100) };
}

interface Reader {
  agents: readonly AgentManifest[];
  report: Report;
  failed(): boolean;
}

/** Each step presumes the one before it, so that one mistake is reported once. */
function read(text: string, file: string, { agents, report, failed }: Reader): FlowDefinition | undefined {
  const source = readYaml(text, report);
  if (source === undefined) return undefined;
  const shape = flowFileSchema.safeParse(source.data);
  if (!shape.success) {
    reportShape(shape.error.issues, source, report);
    return undefined;
  }
  const manifests = new Map<string, AgentManifest>(agents.map((agent) => [agent.agentId, agent]));
  const root = readStates(shape.data, { source, report, agents: manifests });
  const count = allStates(root).length - 1;
  if (count > mostStates) report(root.position, `${count} states, where a flow has at most ${mostStates}`);
  if (failed()) return undefined;
  applyConventions(root, { agents: manifests, report });
  if (failed()) return undefined;
  const { version, description } = shape.data;
  const definition: FlowDefinition = {
    name: readName(shape.data, file, { source, report }),
    file,
    text,
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
    root,
  };
  checkFlow(definition, report);
  return definition;
}

const mostStates = 500;
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;

function readName(
  flow: FlowFile,
  file: string,
  { source, report }: { source: YamlSource; report: Report },
): string {
  if (flow.flow !== undefined && flow.name !== undefined && flow.flow !== flow.name) {
    report(
      source.keyAt(["name"]),
      `name and flow are the same thing and differ: "${flow.name}", "${flow.flow}"`,
    );
  }
  const name = flow.flow ?? flow.name ?? baseName(file);
  if (!nameForm.test(name)) {
    const at = flow.flow === undefined ? "name" : "flow";
    report(source.valueAt([at]), `"${name}" is no name of a flow: letters, digits, _ and -, at most 80`);
  }
  return name;
}

/** `flows/delivery.yaml` is `delivery`. */
function baseName(file: string): string {
  return (file.split(/[/\\]/).at(-1) ?? file).replace(/\.[^.]*$/, "");
}

function sorted(problems: FlowProblem[]): FlowProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

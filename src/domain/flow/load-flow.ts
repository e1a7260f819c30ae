import type { AgentManifest } from "../agent/manifest.ts";
import { refuse } from "../refusal.ts";
import { compileFlow } from "./compile-flow.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { describeProblem } from "./flow-problem.ts";
import { parseFlow } from "./parse-flow.ts";

/** Reads, checks and compiles; refuses with FlowInvalid and every problem on a line of its own. */
export function loadFlow(text: string, file: string, agents: readonly AgentManifest[]): CompiledFlow {
  const parsed = parseFlow(text, file, agents);
  if ("flow" in parsed) return compileFlow(parsed.flow);
  throw refuse(
    "FlowInvalid",
    `${file} is not a flow that can run:\n${parsed.problems.map(describeProblem).join("\n")}`,
    "Correct the file and check it: connectsoft flow validate <file>.",
  );
}

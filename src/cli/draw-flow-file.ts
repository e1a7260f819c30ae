/** Reads a flow file, checks it and draws it. */
import { readFile } from "node:fs/promises";
import type { AgentManifest } from "../domain/agent/manifest.ts";
import { sha256 } from "../domain/canonical-json.ts";
import { describeProblem } from "../domain/flow/flow-problem.ts";
import { toMermaid } from "../domain/flow/mermaid.ts";
import { parseFlow } from "../domain/flow/parse-flow.ts";
import { refuse } from "../domain/refusal.ts";
import { type DrawingOptions, drawFlow } from "./flow-drawing.ts";

export interface FlowFileToDraw {
  file: string;
  /** How messages name it. */
  shown: string;
  manifests: readonly AgentManifest[];
}

/** Refuses with FlowInvalid and every problem on a line of its own. */
export async function drawFlowFile({ file, shown, manifests }: FlowFileToDraw, options: DrawingOptions) {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw refuse(
      "InputInvalid",
      `${shown} cannot be read: ${error.code}.`,
      "Name a flow file, or delivery or environment.",
    );
  });
  const parsed = parseFlow(text, shown, manifests);
  if ("problems" in parsed)
    throw refuse(
      "FlowInvalid",
      `${shown} is not a flow that can run:\n${parsed.problems.map(describeProblem).join("\n")}`,
      "Correct the file; the language is described in docs/reference/flow-files.md.",
    );
  const { flow } = parsed;
  return {
    name: flow.name,
    digest: sha256(text),
    drawing: drawFlow(flow, options),
    mermaid: toMermaid(flow),
  };
}

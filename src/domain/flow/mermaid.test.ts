import { readFileSync } from "node:fs";
import { parseMermaid } from "beautiful-mermaid";
import { expect, test } from "vitest";
import { manifests } from "../../../test/flows/manifests.ts";
import { allStates, type FlowDefinition } from "./flow-definition.ts";
import { toMermaid } from "./mermaid.ts";
import { parseFlow } from "./parse-flow.ts";

function definitionOf(text: string): FlowDefinition {
  const parsed = parseFlow(text, "f.yaml", manifests);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.flow;
}

function builtIn(name: string): FlowDefinition {
  return definitionOf(readFileSync(new URL(`../../../flows/${name}.yaml`, import.meta.url), "utf8"));
}

test("draws states, who works in them, and what leads where", () => {
  const text = `states:
  committing:
    invoke: { agent: code-committer }
    after: { 90s: slow, until: slow }
    on:
      DeploymentFailed: { guard: not recoverable, target: slow }
      "memory: SBOM.json": ended
    onDone: ended
    onError: slow
  slow: { on: { RetryDelayed: committing } }
  ended: { type: final, emit: ReleasePublished }
`;
  expect(toMermaid(definitionOf(text))).toBe(`stateDiagram-v2
  [*] --> committing
  committing : committing
  committing : code-committer CommitModule
  slow : slow
  ended : ended
  ended : states ReleasePublished
  ended --> [*]
  committing --> slow : DeploymentFailed [not recoverable], after 90s, until the time named, code-committer failed
  committing --> ended : SBOM.json written, code-committer done
  slow --> committing : RetryDelayed
`);
});

test("draws the regions of a parallel state side by side, and arrows between composites outside both", () => {
  const text = `states:
  both:
    type: parallel
    states:
      left: { states: { a: { on: { TestsPassed: b, DeliveryCancelled: outside.x } }, b: { type: final } } }
      right: { states: { a: { on: { ScanCompleted: b } }, b: { type: final } } }
    onDone: end
  outside: { states: { x: { on: { DeployRequested: both.right.a } } } }
  end: { type: final }
`;
  expect(toMermaid(definitionOf(text))).toBe(`stateDiagram-v2
  [*] --> both
  state "both" as both {
    state "left" as left {
      [*] --> a
      a : a
      b : b
      b --> [*]
      a --> b : TestsPassed
    }
    --
    state "right" as right {
      [*] --> both__right__a
      both__right__a : a
      both__right__b : b
      both__right__b --> [*]
      both__right__a --> both__right__b : ScanCompleted
    }
  }
  state "outside" as outside {
    [*] --> x
    x : x
  }
  end_ : end
  end_ --> [*]
  both --> end_ : all done
  both --> outside : DeliveryCancelled from a to x
  outside --> both : DeployRequested from x to right.a
`);
});

test.each(["delivery", "environment"])("a reader of Mermaid finds every state of the %s flow", (name) => {
  const flow = builtIn(name);
  const graph = parseMermaid(toMermaid(flow));
  const found = new Set([...graph.nodes.keys(), ...graph.subgraphs.flatMap(subgraphIds)]);
  const paths = allStates(flow.root).filter(({ path }) => path !== "");
  expect(paths.filter(({ key }) => !found.has(key))).toEqual([]);
});

function subgraphIds(graph: ReturnType<typeof parseMermaid>["subgraphs"][number]): string[] {
  return [graph.id, ...graph.children.flatMap(subgraphIds)];
}

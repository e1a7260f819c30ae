/** What a picture shows first: the way it went and the ways that lie ahead, without what only a failure leads to. */
import type { Flow } from "./use-flows.ts";

export function shownPart(flow: Flow, all: boolean): Flow {
  if (all) return flow;
  const been = new Set(flow.nodes.filter(({ mark }) => mark !== "ahead").map(({ id }) => id));
  const kept = new Set(been);
  for (const { id, initial, parent } of flow.nodes)
    if (initial && (parent === undefined || been.has(parent))) kept.add(id);
  // Step by step along what goes well, from where it has been.
  for (let grew = true; grew; ) {
    grew = false;
    for (const { from, to, failure } of flow.edges)
      if (!failure && kept.has(from) && !kept.has(to) && !isBack(flow, from, to)) {
        kept.add(to);
        grew = true;
      }
  }
  for (const id of [...kept]) for (const outer of outerOf(id)) kept.add(outer);
  return {
    ...flow,
    nodes: flow.nodes.filter(({ id }) => kept.has(id)),
    edges: flow.edges.filter(
      ({ from, to, failure, taken }) => kept.has(from) && kept.has(to) && (taken || !failure),
    ),
  };
}

function isBack({ nodes }: Flow, from: string, to: string): boolean {
  const place = (id: string) => nodes.findIndex((node) => node.id === id);
  return place(to) < place(from);
}

function outerOf(id: string): string[] {
  const parts = id.split(".");
  return parts.slice(1).map((_, place) => parts.slice(0, place + 1).join("."));
}

/** What a picture shows first: the way it went and the straight way ahead. The rest is there for whoever wants all of it. */
import type { Flow, FlowNode } from "./use-flows.ts";

export function shownPart(flow: Flow, all: boolean): Flow {
  if (all) return flow;
  const been = flow.nodes.filter(({ mark }) => mark !== "ahead").map(({ id }) => id);
  const ahead = straightAhead(flow);
  const kept = new Set([...been, ...ahead.map(({ to }) => to)].flatMap((id) => [...outerOf(id), id]));
  const order = flow.nodes.map(({ id }) => id);
  const led = new Set(flow.edges.filter(({ taken }) => taken).map(({ to }) => to));
  return {
    ...flow,
    nodes: flow.nodes.filter(({ id }) => kept.has(id)),
    edges: flow.edges.filter((edge) => {
      if (!kept.has(edge.from) || !kept.has(edge.to)) return false;
      // Of an earlier round nothing says by which way it came: any that is there holds the picture together.
      const isForward = order.indexOf(edge.from) < order.indexOf(edge.to);
      const holds = isForward && !edge.failure && been.includes(edge.to) && !led.has(edge.to);
      return edge.taken || ahead.includes(edge) || holds;
    }),
  };
}

/** From where it is now, or else from where it came, through what agents do when all goes well. */
function straightAhead({ nodes, edges }: Flow): Flow["edges"] {
  const place = new Map(nodes.map(({ id }, at) => [id, at]));
  const at = (id: string) => place.get(id) ?? 0;
  const way: Flow["edges"] = [];
  const nextOf = (id: string) =>
    edges
      .filter((edge) => edge.from === id && !edge.failure && at(edge.to) > at(id))
      .filter(({ to }) => nodes[at(to)]?.mark === "ahead" && way.every((edge) => edge.to !== to))
      .sort((a, b) => goodOf(b) - goodOf(a) || at(a.to) - at(b.to))[0];
  /** What an agent leads to that ends well comes before what it may work at otherwise. */
  const goodOf = ({ labels, to }: Flow["edges"][number]) =>
    labels.some((label) => label.endsWith(" done")) ? 2 : works(nodes[at(to)]);
  const begins = nodes.findLast(({ id, mark }) => {
    const next = nextOf(id);
    return (here.includes(mark) || mark === "done") && next !== undefined && works(nodes[at(next.to)]) === 1;
  });
  const stands = nodes.some(({ mark, state }) => here.includes(mark) && state?.word !== "live");
  for (let from = stands ? begins?.id : undefined; from !== undefined; ) {
    const next = nextOf(from);
    if (next === undefined) break;
    way.push(next);
    from = works(nodes[at(next.to)]) === 1 ? next.to : undefined;
  }
  return way;
}

const here: FlowNode["mark"][] = ["current", "waiting"];

function works(node: FlowNode | undefined): 0 | 1 {
  return node?.does === undefined ? 0 : 1;
}

function outerOf(id: string): string[] {
  const parts = id.split(".");
  return parts.slice(1).map((_, place) => parts.slice(0, place + 1).join("."));
}

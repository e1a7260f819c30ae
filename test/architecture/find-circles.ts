/** Every circle that a walk over the graph closes, each told once: `a -> b -> a`. */
export function findCircles(graph: Map<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const finished = new Set<string>();
  const path: string[] = [];

  function visit(node: string): void {
    const start = path.indexOf(node);
    if (start >= 0) circles.push([...path.slice(start), node].join(" -> "));
    if (start >= 0 || finished.has(node)) return;
    path.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    path.pop();
    finished.add(node);
  }

  for (const node of graph.keys()) visit(node);
  return circles;
}

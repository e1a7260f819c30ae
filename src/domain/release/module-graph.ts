/** Modules that depend on each other: in which waves they deploy, and in which order they go back. */

export interface ModuleNode {
  moduleId: string;
  dependsOn: readonly string[];
}

/**
 * Each wave depends on earlier ones alone; within a wave, by name. What is named and not among the modules does
 * not count here, and what stands in a circle, or behind one, is in no wave.
 */
export function wavesOf(modules: readonly ModuleNode[]): string[][] {
  const among = new Set(modules.map(({ moduleId }) => moduleId));
  const waves: string[][] = [];
  const done = new Set<string>();
  for (;;) {
    const wave = modules
      .filter(({ moduleId }) => !done.has(moduleId))
      .filter(({ dependsOn }) => dependsOn.every((one) => done.has(one) || !among.has(one)))
      .map(({ moduleId }) => moduleId)
      .toSorted();
    if (wave.length === 0) return waves;
    for (const moduleId of wave) done.add(moduleId);
    waves.push(wave);
  }
}

/** A circle as a walk that ends where it begins (`a, b, a`), or undefined where there is none. */
export function findCycle(modules: readonly ModuleNode[]): string[] | undefined {
  const inWaves = new Set(wavesOf(modules).flat());
  const left = modules
    .filter(({ moduleId }) => !inWaves.has(moduleId))
    .toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  const byName = new Map(left.map((module) => [module.moduleId, module]));
  // Whoever is in no wave depends on another who is in none, so the walk must come back to where it was.
  const walk: string[] = [];
  for (let at = left[0]; at !== undefined; ) {
    const before = walk.indexOf(at.moduleId);
    walk.push(at.moduleId);
    if (before >= 0) return walk.slice(before);
    const next = at.dependsOn.toSorted().find((one) => byName.has(one));
    at = next === undefined ? undefined : byName.get(next);
  }
  return undefined;
}

/** The shortest circle through a module, from it back to it, or undefined where it stands in none. */
export function cycleThrough(modules: readonly ModuleNode[], moduleId: string): string[] | undefined {
  const byName = new Map(modules.map((module) => [module.moduleId, module]));
  const seen = new Set<string>();
  const walks = [[moduleId]];
  for (let walk = walks.shift(); walk !== undefined; walk = walks.shift())
    for (const next of (byName.get(walk.at(-1) ?? "")?.dependsOn ?? []).toSorted()) {
      if (next === moduleId) return [...walk, next];
      if (!seen.has(next)) walks.push([...walk, next]);
      seen.add(next);
    }
  return undefined;
}

/**
 * What goes back when a module failed, in that order: whatever it depends on, directly or not, and before each
 * of these what depends on it in turn, because that was released for the newer one. The failed module is left out.
 */
export function rollbackOrder(modules: readonly ModuleNode[], failed: string): string[] {
  const byName = new Map(modules.map((module) => [module.moduleId, module]));
  const beneath = reach([failed], (one) => byName.get(one)?.dependsOn ?? []);
  const above = reach([...beneath], (one) =>
    modules.filter(({ dependsOn }) => dependsOn.includes(one)).map(({ moduleId }) => moduleId),
  );
  const concerned = new Set([...beneath, ...above]);
  concerned.delete(failed);
  return wavesOf(modules)
    .flat()
    .filter((moduleId) => concerned.has(moduleId))
    .reverse();
}

/** Everything that steps lead to from these, without these where no step leads back. */
function reach(from: readonly string[], steps: (one: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  const ahead = [...from];
  for (let one = ahead.pop(); one !== undefined; one = ahead.pop())
    for (const next of steps(one))
      if (!found.has(next)) {
        found.add(next);
        ahead.push(next);
      }
  return found;
}

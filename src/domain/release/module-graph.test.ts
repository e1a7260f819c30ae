import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cycleThrough, findCycle, type ModuleNode, rollbackOrder, wavesOf } from "./module-graph.ts";

const node = (moduleId: string, ...dependsOn: string[]): ModuleNode => ({ moduleId, dependsOn });

/** Any graph of up to nine modules; `m9` is never among them. */
const graphs = fc
  .integer({ min: 1, max: 9 })
  .chain((size) =>
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    }),
  )
  .map((edges) => edges.map((to, index) => node(`m${index}`, ...to.map((one) => `m${one}`))));
/** Modules that only depend on ones with a smaller number. */
const acyclic = graphs.map((modules) =>
  modules.map(({ moduleId, dependsOn }) => node(moduleId, ...dependsOn.filter((one) => one < moduleId))),
);

describe("the order of modules", () => {
  it("puts a chain into waves of one, and what is independent into one wave", () => {
    expect(wavesOf([node("c", "b"), node("a"), node("b", "a"), node("d")])).toEqual([
      ["a", "d"],
      ["b"],
      ["c"],
    ]);
  });

  it("deploys every module of a graph without circles once, after all that it depends on", () => {
    fc.assert(
      fc.property(acyclic, (modules) => {
        const waves = wavesOf(modules);
        expect(waves.flat().toSorted()).toEqual(modules.map(({ moduleId }) => moduleId).toSorted());
        expect(findCycle(modules)).toBeUndefined();
        const waveOf = new Map(waves.flatMap((wave, index) => wave.map((one) => [one, index])));
        for (const { moduleId, dependsOn } of modules)
          for (const one of dependsOn)
            if (waveOf.has(one)) expect(waveOf.get(one)).toBeLessThan(waveOf.get(moduleId) ?? 0);
      }),
    );
  });

  it("names a circle that is there, and one exactly where a module is in no wave", () => {
    fc.assert(
      fc.property(graphs, (modules) => {
        const cycle = findCycle(modules);
        expect(cycle === undefined).toBe(wavesOf(modules).flat().length === modules.length);
        if (cycle === undefined) return;
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle[0]).toBe(cycle.at(-1));
        for (const [index, one] of cycle.slice(0, -1).entries())
          expect(modules.find(({ moduleId }) => moduleId === one)?.dependsOn).toContain(cycle[index + 1]);
      }),
    );
  });

  it("finds the circle through a module exactly where following what it depends on leads back to it", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (modules, pick) => {
        const { moduleId } = modules[pick % modules.length] ?? node("");
        const cycle = cycleThrough(modules, moduleId);
        const others = modules.filter((one) => one.moduleId !== moduleId);
        // Without the circles of others, it stands in one exactly where the graph has one only with it.
        if (findCycle(others) === undefined)
          expect(cycle === undefined).toBe(findCycle(modules) === undefined);
        if (cycle !== undefined) expect([cycle[0], cycle.at(-1)]).toEqual([moduleId, moduleId]);
      }),
    );
  });

  it("is the same whatever the order in which modules are told", () => {
    fc.assert(
      fc.property(graphs, (modules) => {
        const turned = modules.toReversed();
        expect(wavesOf(turned)).toEqual(wavesOf(modules));
        expect(findCycle(turned)).toEqual(findCycle(modules));
      }),
    );
  });
});

describe("the order of going back", () => {
  it("begins with what was deployed last", () => {
    const modules = [node("a"), node("b", "a"), node("c", "b"), node("d")];
    expect(rollbackOrder(modules, "c")).toEqual(["b", "a"]);
    expect(rollbackOrder(modules, "a")).toEqual([]);
  });

  it("takes back what was released for one that goes back, although the failed module does not need it", () => {
    expect(rollbackOrder([node("a"), node("b", "a"), node("c", "a")], "c")).toEqual(["b", "a"]);
  });

  it("never takes a module back before all that depends on it, and never the failed one", () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (modules, pick) => {
        const failed = modules[pick % modules.length]?.moduleId ?? "";
        const order = rollbackOrder(modules, failed);
        expect(order).not.toContain(failed);
        expect(new Set(order).size).toBe(order.length);
        for (const [index, one] of order.entries())
          for (const later of order.slice(index + 1))
            expect(modules.find(({ moduleId }) => moduleId === later)?.dependsOn).not.toContain(one);
        for (const one of modules.find(({ moduleId }) => moduleId === failed)?.dependsOn ?? [])
          if (modules.some(({ moduleId }) => moduleId === one)) expect(order).toContain(one);
      }),
    );
  });
});

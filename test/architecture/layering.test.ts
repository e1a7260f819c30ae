/** The table of the architecture (docs/adr): which layer may import which, and that nothing imports in a circle. */
import { describe, expect, test } from "vitest";
import { findCircles } from "./find-circles.ts";
import { mayImport, mayUsePackage } from "./layers.ts";
import { readImports, type SourceFile } from "./read-imports.ts";

const sources = readImports();

describe("the layers", () => {
  test("are found", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(sources.length);
  });

  test("import only what the table allows", () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((target) => !mayImport(source.path, target))
        .map((target) => arrow(source, target)),
    );
    expect(wrong).toEqual([]);
  });

  test("keep the domain pure: no I/O, clock or framework", () => {
    const wrong = sources.flatMap((source) =>
      source.packages.filter((name) => !mayUsePackage(source.path, name)).map((name) => arrow(source, name)),
    );
    expect(wrong).toEqual([]);
  });

  test("import nothing in a circle", () => {
    expect(findCircles(new Map(sources.map((source) => [source.path, source.imports])))).toEqual([]);
  });

  test("import only files that are there", () => {
    const known = new Set(sources.map((source) => source.path));
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((target) => target.startsWith("src/") && target.endsWith(".ts") && !known.has(target))
        .map((target) => arrow(source, target)),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the rules themselves", () => {
  test.each([
    ["src/domain/scope.ts", "src/ports/clock.ts"],
    ["src/ports/clock.ts", "src/adapters/database/migrate.ts"],
    ["src/agents/a/skills/b.ts", "src/engine/conductor.ts"],
    ["src/agents/a/skills/b.ts", "src/adapters/forge/embedded/forge.ts"],
    ["src/adapters/forge/embedded/forge.ts", "src/adapters/target/local/start.ts"],
    ["src/adapters/forge/embedded/forge.test.ts", "src/adapters/target/local/start.ts"],
    ["src/adapters/forge/github/forge.ts", "src/adapters/forge/embedded/forge.ts"],
    ["src/engine/conductor.ts", "src/compose.ts"],
    ["src/operations/deliver.ts", "src/adapters/database/migrate.ts"],
    ["src/cli/deliver.ts", "src/engine/conductor.ts"],
    ["src/engine/conductor.ts", "test/support/database.ts"],
    ["src/helpers/text.ts", "src/domain/scope.ts"],
    ["studio/features/audit/search.tsx", "src/domain/scope.ts"],
    ["studio/features/audit/search.tsx", "studio/features/approvals/inbox.tsx"],
    ["studio/ui/button.tsx", "studio/app/api/api.ts"],
  ])("%s may not import %s", (from, to) => {
    expect(mayImport(from, to)).toBe(false);
  });

  test.each([
    ["src/adapters/forge/github/forge.ts", "src/adapters/forge/paths.ts"],
    ["src/adapters/forge/github/forge.test.ts", "test/support/database.ts"],
    ["src/operations/deliver.ts", "src/engine/conductor.ts"],
    ["src/cli/deliver.ts", "src/domain/scope.ts"],
    ["src/compose.ts", "src/adapters/database/migrate.ts"],
    ["src/main.ts", "src/compose.ts"],
    ["studio/features/audit/search.tsx", "studio/app/api/api.ts"],
    ["studio/app/api/api.ts", "client/src/schema.d.ts"],
    ["studio/app/router.tsx", "studio/features/audit/routes.ts"],
  ])("%s may import %s", (from, to) => {
    expect(mayImport(from, to)).toBe(true);
  });

  test("a circle is told by its way round", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
    ]);
    expect(findCircles(graph)).toEqual(["a -> b -> c -> a"]);
  });
});

function arrow(source: SourceFile, target: string): string {
  return `${source.path} -> ${target}`;
}

import { describe, expect, test } from "vitest";
import { type Files, inferFrom, refusalFrom } from "../../../../test/support/infer-from.ts";
import { toolchainOf } from "../stacks.ts";

const main = "// Package main serves.\npackage main\n";
const goMod = (more = "") => `module github.com/acme/rooms/v2\n\ngo 1.24.3\n${more}`;

describe("a Go module", () => {
  test("is built from its program into bin, without C, by the toolchain that is there", () => {
    const requires = goMod(
      "\ntoolchain go1.24.5\n\nrequire (\n\tgithub.com/go-chi/chi/v5 v5.1.0 // direct\n)\n",
    );
    const files = {
      "go.mod": requires,
      "go.sum": "",
      "cmd/rooms/main.go": main,
      "cmd/rooms/main_test.go": main,
      "room.go": "package rooms\n",
    };
    expect(inferFrom(files)).toMatchObject({
      id: "rooms",
      version: "0.0.0",
      runtime: "go",
      runtimeVersion: "1.26",
      packageManager: "go",
      framework: "chi",
      locked: true,
      build: ["go", "build", "-trimpath", "-o", "bin/rooms", "./cmd/rooms"],
      test: ["go", "test", "-v", "./..."],
      start: ["./bin/rooms"],
      environment: { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" },
      manifestFiles: ["go.mod", "go.sum"],
    });
  });

  test.each<[string, Files, string | undefined]>([
    ["at the top", { "main.go": main }, "."],
    ["in cmd", { "cmd/main.go": main }, "./cmd"],
    ["the only one in cmd", { "cmd/worker/main.go": main }, "./cmd/worker"],
    [
      "of the module's name",
      { "cmd/rooms/a.go": main, "cmd/migrate/a.go": main, "main.go": main },
      "./cmd/rooms",
    ],
    ["at the top before others", { "main.go": main, "cmd/migrate/a.go": main }, "."],
    ["that is called server", { "cmd/server/a.go": main, "cmd/migrate/a.go": main }, "./cmd/server"],
    [
      "not one that only Go's tools use",
      { "cmd/api/a.go": main, "tools.go": "//go:build tools\n\npackage main\n" },
      "./cmd/api",
    ],
  ])("is the program %s", (_, files, program) => {
    expect(inferFrom({ "go.mod": goMod(), ...files }).build?.at(-1)).toBe(program);
  });

  test("is asked for its program where there is none, or nothing tells which", () => {
    expect(refusalFrom({ "go.mod": goMod(), "lib.go": "package lib\n" }).message).toContain(
      "no package main",
    );
    const two = { "go.mod": goMod(), "cmd/a/a.go": main, "cmd/b/b.go": main };
    expect(refusalFrom(two).message).toContain("cmd/a, cmd/b are all programs");
    expect(refusalFrom(two).next).toContain("go build");
  });

  test("takes what it brings in vendor, and resolves once where it has no go.sum", () => {
    const vendored = inferFrom({
      "go.mod": goMod("require a.b/c v1.0.0\n"),
      "main.go": main,
      "vendor/modules.txt": "",
      "vendor/a.b/c/c.go": "",
    });
    expect(toolchainOf(vendored).install).toEqual([]);
    expect(vendored.environment).not.toHaveProperty("GOFLAGS");
    const open = inferFrom({ "go.mod": goMod("require a.b/c v1.0.0\n"), "main.go": main });
    expect(open).toMatchObject({ locked: false, environment: { GOFLAGS: "-mod=mod" } });
  });

  test("fetches what it needs where only the list of vendor is there, as in a module that was packed", () => {
    const files = { "go.mod": goMod("require a.b/c v1.0.0\n"), "main.go": main, "vendor/modules.txt": "" };
    const packed = inferFrom({ ...files, "go.sum": "" });
    expect(toolchainOf(packed).install).toHaveLength(1);
    expect(packed).toMatchObject({ locked: true, environment: { GOFLAGS: "-mod=readonly" } });
    expect(packed.manifestFiles).not.toContain("vendor/modules.txt");
  });

  test("keeps C where a package is C inside", () => {
    const files = {
      "go.mod": goMod("require github.com/mattn/go-sqlite3 v1.14.0\n"),
      "main.go": main,
      "go.sum": "",
    };
    expect(inferFrom(files).environment?.CGO_ENABLED).toBe("1");
  });

  test.each([
    ["github.com/gin-gonic/gin v1.10.0", "gin"],
    ["github.com/labstack/echo/v4 v4.12.0", "echo"],
    ["github.com/gofiber/fiber/v2 v2.52.0", "fiber"],
    ["github.com/rs/zerolog v1.0.0", undefined],
  ])("with %s is of %s", (required, framework) => {
    expect(inferFrom({ "go.mod": goMod(`require ${required}\n`), "main.go": main }).framework).toBe(
      framework,
    );
  });
});

test.each([
  ["module a.b/c\n\nrequire (\n\tx v1\n", /^go\.mod:3: the block of require is never closed\./],
  ["module a.b/c\nrequires x v1\n", /^go\.mod:2: "requires" is no directive/],
  ["module a.b/c\ngo latest\n", /^go\.mod:2: go "latest" is no version of Go/],
  ["go 1.25\n", /^go\.mod: it names no module/],
  ["module a.b/c\ngo 1.99\n", /^go in go\.mod asks for "1\.99"; expected .*1\.26/],
])("a broken go.mod is refused by its line: %j", (text, message) => {
  const refusal = refusalFrom({ "go.mod": text, "main.go": main });
  expect(refusal).toMatchObject({
    code: "ModuleInvalid",
    message: expect.stringMatching(message),
    next: expect.any(String),
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RefusalError } from "../refusal.ts";
import { inferModule, type ModuleInput } from "./infer-module.ts";
import { moduleSpecSchema } from "./module-spec.ts";

interface Folder {
  package?: unknown;
  yaml?: string;
  paths?: string[];
  overrides?: NonNullable<ModuleInput["overrides"]>;
  folderName?: string;
}

function input(folder: Folder): ModuleInput {
  const files: Record<string, string> = {};
  if (folder.package !== undefined)
    files["package.json"] =
      typeof folder.package === "string" ? folder.package : JSON.stringify(folder.package);
  if (folder.yaml !== undefined) files["module.yaml"] = folder.yaml;
  return {
    files,
    paths: [...Object.keys(files), ...(folder.paths ?? [])],
    folderName: folder.folderName ?? "booking-service",
    ...(folder.overrides === undefined ? {} : { overrides: folder.overrides }),
  };
}

const infer = (folder: Folder) => inferModule(input(folder));

function refusalOf(folder: Folder): RefusalError["refusal"] {
  try {
    infer(folder);
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
  throw new Error("expected a refusal");
}

const service = { name: "booking-service", version: "1.2.3", scripts: { start: "node server.js" } };

describe("a module without module.yaml", () => {
  test("is understood from its package.json alone", () => {
    expect(infer({ package: service, paths: ["server.js"] })).toEqual({
      id: "booking-service",
      version: "1.2.3",
      runtime: "node",
      runtimeVersion: "24",
      packageManager: "npm",
      locked: false,
      manifestFiles: ["package.json"],
      pipeline: "generate",
      start: ["node", "server.js"],
      portVariable: "PORT",
      probes: {
        startup: {
          tcpSocket: {},
          initialDelaySeconds: 0,
          periodSeconds: 0.5,
          timeoutSeconds: 1,
          successThreshold: 1,
          failureThreshold: 60,
        },
        readiness: steadyProbe({ tcpSocket: {} }),
        liveness: steadyProbe({ tcpSocket: {} }),
      },
      needs: { config: [], secrets: [] },
      needsInfrastructure: false,
      complianceMode: false,
    });
  });

  test("is locked where npm's lock file is there", () => {
    expect(infer({ package: service, paths: ["package-lock.json"] }).locked).toBe(true);
    expect(infer({ package: service, paths: ["npm-shrinkwrap.json"] }).locked).toBe(true);
    expect(infer({ package: service, paths: ["sub/package-lock.json"] }).locked).toBe(false);
  });

  test("has version 0.0.0 where it names none, and drops the v of a version that has one", () => {
    expect(infer({ package: { ...service, version: undefined } }).version).toBe("0.0.0");
    expect(infer({ package: { ...service, version: "v2.0.0" } }).version).toBe("2.0.0");
  });

  test("is named after its package without the scope, else after its folder", () => {
    expect(infer({ package: { ...service, name: "@acme/billing" } }).id).toBe("billing");
    expect(infer({ package: { ...service, name: undefined }, folderName: "rooms" }).id).toBe("rooms");
  });

  test("builds and tests with its scripts, and npm's placeholder is no test", () => {
    const scripts = { start: "node server.js", build: "tsc", test: "mocha" };
    expect(infer({ package: { ...service, scripts } })).toMatchObject({
      build: ["npm", "run", "build"],
      test: ["npm", "test"],
    });
    const placeholder = { ...scripts, test: 'echo "Error: no test specified" && exit 1' };
    expect(infer({ package: { ...service, scripts: placeholder } }).test).toBeUndefined();
  });
});

describe("the start command", () => {
  test.each([
    ["node server.js --port 80", ["node", "server.js", "--port", "80"]],
    ["node  --enable-source-maps\tdist/main.js", ["node", "--enable-source-maps", "dist/main.js"]],
    ["NODE_ENV=production node server.js", ["npm", "run", "start", "--silent"]],
    ["node server.js && echo done", ["npm", "run", "start", "--silent"]],
    ["next start", ["npm", "run", "start", "--silent"]],
    ["node", ["npm", "run", "start", "--silent"]],
  ])("of the script %j is %j", (start, command) => {
    expect(infer({ package: { ...service, scripts: { start } } }).start).toEqual(command);
  });

  test("goes through npm where something has to run before it", () => {
    const scripts = { prestart: "node migrate.js", start: "node server.js" };
    expect(infer({ package: { ...service, scripts } }).start).toEqual(["npm", "run", "start", "--silent"]);
  });

  test.each([
    [{ bin: "./cli.js" }, ["cli.js"], "cli.js"],
    [{ bin: { "booking-service": "bin/run" } }, ["bin/run"], "bin/run"],
    [{ bin: { other: "bin/other", "booking-service": "bin/run" } }, ["bin/run", "bin/other"], "bin/run"],
    [{ bin: { a: "./cli.js", b: "./cli.js" } }, ["cli.js"], "cli.js"],
    [{ main: "./lib/server" }, ["lib/server.js"], "lib/server.js"],
    [{ main: "lib" }, ["lib/index.js"], "lib/index.js"],
    [{ main: "dist/main.js", scripts: { build: "tsc" } }, ["src/main.ts"], "dist/main.js"],
    [{ main: "gone.js" }, ["index.js"], "index.js"],
    [{}, ["index.js", "server.js"], "server.js"],
  ])("of %j with the files %j is node %s", (more, paths, entry) => {
    const file = { name: "booking-service", version: "1.0.0", ...more };
    expect(infer({ package: file, paths }).start).toEqual(["node", entry]);
  });

  test.each([
    { bin: "../../usr/bin/evil" },
    { bin: "/usr/bin/evil" },
    { bin: "-e" },
    { bin: { a: "a.js", b: "b.js" } },
    { main: "gone.js" },
    {},
  ])("of %j without anything else is refused with the ways on", (more) => {
    const paths = ["a.js", "b.js"];
    const refusal = refusalOf({ package: { name: "booking-service", ...more }, paths });
    expect(refusal.message).toContain("no way to start");
    expect(refusal.next).toContain("--start");
  });

  test("given at hand-over is stronger than all others, as words or as a line", () => {
    const yaml = "start: node other.js\n";
    expect(infer({ package: service, yaml }).start).toEqual(["node", "other.js"]);
    expect(infer({ package: service, yaml, overrides: { start: "node x.js --a" } }).start).toEqual([
      "node",
      "x.js",
      "--a",
    ]);
    expect(infer({ package: service, overrides: { start: ["node", "a b.js"] } }).start).toEqual([
      "node",
      "a b.js",
    ]);
    expect(refusalOf({ package: service, overrides: { start: "node $(x)" } }).message).toContain("--start");
  });
});

describe("a package as the registry gives it", () => {
  // The package.json files of http-server 14.1.1, serve 14.2.7 and json-server 0.17.4, as far as it matters.
  test("starts http-server, which speaks of tests that it does not bring", () => {
    const spec = infer({
      package: {
        name: "http-server",
        version: "14.1.1",
        main: "./lib/http-server",
        bin: { "http-server": "./bin/http-server" },
        files: ["lib", "bin", "doc"],
        scripts: { start: "node ./bin/http-server", test: "tap --reporter=spec test/*.test.js" },
      },
      paths: ["bin/http-server", "lib/http-server.js"],
    });
    expect(spec).toMatchObject({ id: "http-server", start: ["node", "./bin/http-server"] });
    expect(spec.test).toBeUndefined();
  });

  test("starts serve", () => {
    const spec = infer({
      package: {
        name: "serve",
        version: "14.2.7",
        bin: { serve: "./build/main.js" },
        files: ["build/"],
        scripts: { start: "node ./build/main.js", test: "pnpm test:tsc && pnpm test:unit" },
      },
      paths: ["build/main.js"],
    });
    expect(spec.start).toEqual(["node", "./build/main.js"]);
    expect(spec.test).toBeUndefined();
  });

  test("starts json-server by its bin, as its scripts speak of sources that it does not bring", () => {
    const spec = infer({
      package: {
        name: "json-server",
        version: "0.17.4",
        bin: "./lib/cli/bin.js",
        files: ["lib", "public"],
        scripts: { start: "babel-node -- src/cli/bin db.json", build: "babel src -d lib", test: "jest" },
      },
      paths: ["lib/cli/bin.js"],
    });
    expect(spec.start).toEqual(["node", "lib/cli/bin.js"]);
    expect([spec.build, spec.test]).toEqual([undefined, undefined]);
  });

  test("is still tested where it brings its tests", () => {
    const file = { ...service, files: ["lib"], scripts: { ...service.scripts, test: "node --test" } };
    expect(infer({ package: file, paths: ["server.js", "test/a.test.js"] }).test).toEqual(["npm", "test"]);
    expect(infer({ package: file, paths: ["server.js"] }).test).toBeUndefined();
    expect(infer({ package: { ...file, private: true }, paths: [] }).test).toEqual(["npm", "test"]);
    expect(infer({ package: file, paths: [".gitignore"] }).test).toEqual(["npm", "test"]);
  });
});

describe("module.yaml", () => {
  test("says what convention cannot, and is stronger than package.json", () => {
    const yaml = `
id: rooms
version: 3.0.0
start: [node, "src/main.js"]
build: npm run compile
test: [node, --test]
port: 8080
portVariable: HTTP_PORT
needs: { config: [REGION], secrets: [DATABASE_URL] }
needsInfrastructure: true
complianceMode: true
editionId: premium
`;
    expect(infer({ package: service, yaml })).toMatchObject({
      id: "rooms",
      version: "3.0.0",
      start: ["node", "src/main.js"],
      build: ["npm", "run", "compile"],
      test: ["node", "--test"],
      port: 8080,
      portVariable: "HTTP_PORT",
      needs: { config: ["REGION"], secrets: ["DATABASE_URL"] },
      needsInfrastructure: true,
      complianceMode: true,
      editionId: "premium",
    });
  });

  test("puts itself into compliance mode, and who hands it over does not take it out", () => {
    const yaml = "complianceMode: true\n";
    expect(infer({ package: service, yaml, overrides: { complianceMode: false } }).complianceMode).toBe(true);
    expect(infer({ package: service, overrides: { complianceMode: true } }).complianceMode).toBe(true);
  });

  test.each(["", "\n", "# nothing yet\n", "---\n"])("may be empty: %j", (yaml) => {
    expect(infer({ package: service, yaml }).id).toBe("booking-service");
  });

  test("asks one path for all three probes", () => {
    const { probes } = infer({ package: service, yaml: "probes: { path: /healthz }\n" });
    const httpGet = { path: "/healthz" };
    expect(probes.startup).toMatchObject({ httpGet, periodSeconds: 0.5, failureThreshold: 60 });
    expect(probes.readiness).toEqual(steadyProbe({ httpGet }));
    expect(probes.liveness).toEqual(steadyProbe({ httpGet }));
  });

  test("takes probes in full and completes those that are left out", () => {
    const yaml = `
probes:
  readiness: { httpGet: { path: /ready }, periodSeconds: 2, failureThreshold: 5 }
`;
    const { probes } = infer({ package: service, yaml });
    expect(probes.startup).toMatchObject({ httpGet: { path: "/ready" }, periodSeconds: 0.5 });
    expect(probes.readiness).toMatchObject({ periodSeconds: 2, failureThreshold: 5, timeoutSeconds: 1 });
    expect(probes.liveness).toEqual(steadyProbe({ tcpSocket: {} }));
    const exec = "probes: { liveness: { exec: { command: node check.js } } }\n";
    expect(infer({ package: service, yaml: exec }).probes.liveness.exec).toEqual({
      command: ["node", "check.js"],
    });
  });

  test.each([
    ["id: a\nprot: 80\n", /^module\.yaml:2:1: unknown key "prot"; did you mean port\?/],
    [
      "probes:\n  rediness: {}\n",
      /^module\.yaml:2:3: unknown key "rediness" in probes; did you mean readiness\?/,
    ],
    [
      "probes:\n  startup: {httpGet: {path: /x, prot: 1}}\n",
      /^module\.yaml:2:33: unknown key "prot" in probes/,
    ],
    [
      "zzzzzzzzzzzz: 1\n",
      /^module\.yaml:1:1: unknown key "zzzzzzzzzzzz"; known here: id, version, runtime, packageManager/,
    ],
    ["id: a\nid: b\n", /^module\.yaml:2:1: .*twice/],
    ["runtime: nodejs\n", /^module\.yaml:1:10: runtime: "nodejs" is not a runtime; did you mean node\?/],
    ["runtime: rust\n", /^module\.yaml:1:10: runtime: .*node, python, go, dotnet, java, container/],
    ["packageManager: pmpm\n", /^module\.yaml:1:17: packageManager: .*did you mean/],
    ["runtimeVersion: 3.10\n", /^module\.yaml:1:17: runtimeVersion: expected a version in quotes/],
    ["runtimeVersion: '9'\n", /runtimeVersion in module\.yaml asks for "9"; .*20, 22, 24/],
    ["runtime: node\npackageManager: poetry\n", /poetry does not resolve modules of Node\.js/],
    ["packageManager: maven\n", /says maven, but there is no pom\.xml/],
    ["port: 99999\n", /^module\.yaml:1:7: port: /],
    ["id: Not A Slug\n", /^module\.yaml:1:5: id: expected 1 to 63/],
    ["id: ../etc\n", /^module\.yaml:1:5: id: /],
    ["start: node server.js | tee log\n", /^module\.yaml:1:8: start: .*no simple command/],
    ["start: FOO=1 node x.js\n", /^module\.yaml:1:8: start: /],
    ["start: []\n", /^module\.yaml:1:8: start: expected a command/],
    ["test: [node, 1]\n", /^module\.yaml:1:7: test: .*1 is none/],
    ["needs: { secrets: [not-a-name] }\n", /^module\.yaml:1:20: needs\.secrets\.0: expected the name/],
    [
      "probes: { readiness: { periodSeconds: 1 } }\n",
      /^module\.yaml:1:11: probes\.readiness: expected exactly one/,
    ],
    ["probes: { startup: { tcpSocket: {}, httpGet: { path: / } } }\n", /expected exactly one of/],
    ["probes: { startup: { tcpSocket: {}, periodSeconds: .inf } }\n", /periodSeconds/],
    ["- a\n- b\n", /^module\.yaml:1:1: /],
    ["just words\n", /^module\.yaml:1:1: /],
    ["a: [1\n", /^module\.yaml:\d+:\d+: /],
    ["a: 1\n---\nb: 2\n", /more than one document/],
    ["__proto__: { id: x }\n", /__proto__/],
  ])("is refused: %j", (yaml, message) => {
    const refusal = refusalOf({ package: service, yaml });
    expect(refusal).toMatchObject({ code: "ModuleInvalid", message: expect.stringMatching(message) });
    expect(refusal.next).toBeTruthy();
  });

  test("is refused where it is nested too deeply or its aliases explode", () => {
    const levels = [..."bcdefghij"].map(
      (key, at) => `${key}: &${key} [${`*${"abcdefghij"[at]},`.repeat(10)}]\n`,
    );
    for (const yaml of ["[".repeat(20_000), `a: &a [x, x]\n${levels.join("")}`, `id: ${"x".repeat(300_000)}`])
      expect(refusalOf({ package: service, yaml })).toMatchObject({
        code: "ModuleInvalid",
        message: expect.stringMatching(/^module\.yaml:\d+:\d+: .*(nested|aliases|larger)/s),
      });
  });

  test("is refused under another name instead of being overlooked", () => {
    expect(refusalOf({ package: service, paths: ["module.yml"] }).message).toContain("module.yaml");
  });
});

describe("bad input is refused by name", () => {
  test.each(["a/b", "../etc", "it's", 'say "hi"', "Upper", "", "-x", "x".repeat(64), "ünï"])(
    "the module name %j",
    (id) => {
      const refusal = refusalOf({ package: service, overrides: { id } });
      expect(refusal.message).toContain(`moduleId: ${JSON.stringify(id)}`);
    },
  );

  test.each([
    [{ package: { ...service, name: "my_pkg" } }, /moduleId: "my_pkg" \(name in package.json\)/],
    [{ package: { ...service, name: undefined }, folderName: "My Folder" }, /the folder's name/],
    [{ package: { ...service, version: "latest" } }, /version: "latest"/],
    [{ package: "{ not json" }, /^package\.json:1 is no JSON: .*\(line 1 column 3\)/],
    [{ package: "[]" }, /package.json/],
    [{ package: { ...service, scripts: { start: 1 } } }, /package.json: scripts.start/],
    [{ package: service, paths: ["bun.lock"] }, /"bun" resolves the module; expected npm, pnpm or yarn/],
    [{ package: { ...service, dependencies: { a: "workspace:*" } } }, /a workspace:\*/],
    [{ package: service, overrides: { port: 0 } }, /port/],
    [{ package: service, overrides: { editionId: "A B" } }, /editionId/],
    [{ paths: ["Cargo.toml"] }, /looks like Rust/],
    [{ paths: ["src/App.csproj"] }, /src\/App\.csproj is there/],
    [{ paths: ["app/package.json"] }, /app\/package\.json is there/],
    [{ paths: ["services/b/go.mod", "services/a/go.mod", "x/y/z/pom.xml"] }, /services\/a\/go\.mod is there/],
    [{ paths: ["api/pyproject.toml"] }, /api\/pyproject\.toml is there/],
    [{}, /nothing at the top .* go\.mod, pom\.xml/],
  ] as [Folder, RegExp][])("the folder %j", (folder, message) => {
    expect(refusalOf(folder)).toMatchObject({
      code: "ModuleInvalid",
      message: expect.stringMatching(message),
      next: expect.any(String),
    });
  });
});

describe("whatever is handed over", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "node",
      "server.js",
      "../x",
      "__proto__",
      "constructor",
      "toString",
      "/etc",
      "1.0.0",
      "npm",
    ),
  );
  const keys = fc.constantFrom(
    ...["name", "version", "private", "main", "bin", "files", "scripts", "dependencies", "start", "build"],
    ...["test", "id", "port", "probes", "path", "startup", "httpGet", "needs", "secrets", "__proto__"],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(keys, word), tie("any"), { maxKeys: 5 }),
    ),
  })).any;
  const text = fc.oneof(
    fc.string(),
    value.map((any) => JSON.stringify(any)),
  );
  const script = fc.record({ start: word, test: word, build: word, prestart: word }, { requiredKeys: [] });
  const nearlyPackage = fc
    .record(
      {
        name: fc.oneof(word, fc.constant("booking-service")),
        version: fc.oneof(word, fc.constant("1.0.0")),
        main: word,
        bin: fc.oneof(word, fc.dictionary(word, word, { maxKeys: 3 })),
        scripts: script,
        files: fc.array(word, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    )
    .map((any) => JSON.stringify(any));
  const nearlyModule = fc
    .record(
      { id: word, start: fc.oneof(word, fc.array(word)), port: fc.integer(), probes: value, needs: value },
      { requiredKeys: [] },
    )
    .map((any) => JSON.stringify(any));

  const anyInput: fc.Arbitrary<ModuleInput> = fc.record({
    files: fc.record(
      {
        "package.json": fc.oneof({ weight: 4, arbitrary: nearlyPackage }, text),
        "module.yaml": fc.oneof(nearlyModule, text, fc.constant("")),
      },
      { requiredKeys: [] },
    ),
    paths: fc.array(fc.oneof(word, fc.constantFrom("index.js", "server.js", "package-lock.json")), {
      maxLength: 4,
    }),
    folderName: fc.oneof(word, fc.constant("booking-service")),
    overrides: fc.record(
      {
        id: fc.oneof(word, fc.constant("rooms")),
        version: word,
        start: fc.oneof(word, fc.array(word)),
        port: fc.integer(),
        editionId: word,
      },
      { requiredKeys: [] },
    ),
  });

  test("the answer is a valid module or a refusal with its code, and both come up", () => {
    let valid = 0;
    let refused = 0;
    fc.assert(
      fc.property(anyInput, (given) => {
        try {
          const spec = inferModule(given);
          expect(moduleSpecSchema.parse(spec)).toEqual(spec);
          expect(spec.start.some((part) => part === "")).toBe(false);
          valid += 1;
        } catch (error) {
          if (!(error instanceof RefusalError)) throw error;
          expect(error.refusal.code).toBe("ModuleInvalid");
          refused += 1;
        }
      }),
      // Chance alone may not come upon a valid one.
      {
        numRuns: 2_000,
        examples: [
          [
            {
              files: { "module.yaml": "start: [node, server.js]\n", "package.json": "{}" },
              paths: ["module.yaml", "package.json"],
              folderName: "booking-service",
              overrides: {},
            },
          ],
        ],
      },
    );
    expect(Math.min(valid, refused)).toBeGreaterThan(0);
  });
});

function steadyProbe(handler: object) {
  return {
    ...handler,
    initialDelaySeconds: 0,
    periodSeconds: 1,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

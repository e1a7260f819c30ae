import { describe, expect, test } from "vitest";
import type { InventoryFile } from "../inventory.ts";
import { resolvedPackages } from "../resolved-packages.ts";

const integrity =
  "sha512-PYAthTa2m2VKxuvSD3DPC/Gy+U+sOA1LAuT8mkmRuvw+NACSaeXEQ+NHcVF7rONl6qcaxV3Uuemwawk+7+SJLw==";
const sha256 = "a".repeat(64);

describe("npm's locks", () => {
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
  const entries = {
    "": { name: "own", dependencies: { a: "^1" }, devDependencies: { tool: "^1" } },
    "node_modules/a": { version: "1.0.0", license: "MIT", integrity, dependencies: { "@s/b": "^2" } },
    "node_modules/a/node_modules/@s/b": { version: "2.0.0" },
    "node_modules/@s/b": { version: "1.0.0", optional: true },
    "node_modules/tool": { version: "1.0.0", dev: true, dependencies: { "@s/b": "^1" } },
    "node_modules/own": { link: true, resolved: "" },
  };

  test("resolve a name as node does: beside the package before above it", () => {
    expect(listed([{ path: "package-lock.json", text: lock(entries) }])).toEqual([
      ["pkg:npm/%40s/b@1.0.0", "optional", false, []],
      ["pkg:npm/%40s/b@2.0.0", "required", false, []],
      ["pkg:npm/a@1.0.0", "required", true, ["pkg:npm/%40s/b@2.0.0"]],
      ["pkg:npm/tool@1.0.0", "excluded", true, ["pkg:npm/%40s/b@1.0.0"]],
    ]);
  });

  test("give licence and hash, in hex", () => {
    const { packages } = resolvedPackages([{ path: "package-lock.json", text: lock(entries) }]);
    const a = packages.find(({ name }) => name === "a");
    expect(a?.licence).toBe("MIT");
    expect(a?.hashes["SHA-512"]).toBe(
      Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex"),
    );
  });

  test("yield to what lies in node_modules; tools that were pruned stay on the list as excluded", () => {
    const installed = { "node_modules/a": entries["node_modules/a"] };
    const files = [
      { path: "package-lock.json", text: lock(entries) },
      { path: "node_modules/.package-lock.json", text: lock(installed) },
    ];
    expect(listed(files).map(([purl, scope]) => [purl, scope])).toEqual([
      ["pkg:npm/a@1.0.0", "required"],
      ["pkg:npm/tool@1.0.0", "excluded"],
    ]);
    expect(resolvedPackages(files).sources).toEqual([
      { path: "node_modules/.package-lock.json", completeness: "installed" },
      { path: "package-lock.json", completeness: "resolved" },
    ]);
  });

  test("say where a package comes from that no registry gave, and never with its password", () => {
    const text = lock({
      "node_modules/a": { version: "1.0.0", resolved: `git+https://me:${"pass"}@git.example/a.git#abc` },
    });
    expect(listed([{ path: "package-lock.json", text }])[0]?.[0]).toBe(
      "pkg:npm/a@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fa.git%23abc",
    );
  });
});

test("pnpm's lock of version 9 says by reach what is needed to run", () => {
  const text = `
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: { specifier: ^1, version: 1.0.0(b@2.0.0) }
    devDependencies:
      '@s/tool': { specifier: ^1, version: 1.0.0 }
packages:
  a@1.0.0: { resolution: { integrity: ${integrity} } }
  b@2.0.0: { resolution: { integrity: ${integrity} } }
  c@3.0.0: { resolution: { integrity: ${integrity} } }
  '@s/tool@1.0.0': { resolution: { integrity: ${integrity} } }
snapshots:
  a@1.0.0(b@2.0.0): { dependencies: { b: 2.0.0 }, optionalDependencies: { c: 3.0.0 } }
  b@2.0.0: {}
  c@3.0.0: { optional: true }
  '@s/tool@1.0.0': { dependencies: { b: 2.0.0 } }
`;
  expect(listed([{ path: "pnpm-lock.yaml", text }])).toEqual([
    ["pkg:npm/%40s/tool@1.0.0", "excluded", true, ["pkg:npm/b@2.0.0"]],
    ["pkg:npm/a@1.0.0", "required", true, ["pkg:npm/b@2.0.0", "pkg:npm/c@3.0.0"]],
    ["pkg:npm/b@2.0.0", "required", false, []],
    ["pkg:npm/c@3.0.0", "optional", false, []],
  ]);
});

test("pnpm's lock of version 6 has its packages under a slash", () => {
  const text = `
lockfileVersion: '6.0'
dependencies:
  '@s/a': { specifier: ^1, version: 1.0.0 }
packages:
  /@s/a@1.0.0: { resolution: { integrity: ${integrity} }, dependencies: { b: 2.0.0 } }
  /b@2.0.0: { resolution: { integrity: ${integrity} } }
`;
  expect(listed([{ path: "pnpm-lock.yaml", text }])).toEqual([
    ["pkg:npm/%40s/a@1.0.0", "required", true, ["pkg:npm/b@2.0.0"]],
    ["pkg:npm/b@2.0.0", "required", false, []],
  ]);
});

describe("yarn's lock", () => {
  const manifest = {
    path: "package.json",
    text: JSON.stringify({
      dependencies: { "@s/a": "^1", lod: "npm:lodash@^4" },
      devDependencies: { b: "^2" },
    }),
  };
  const expected = [
    ["pkg:npm/%40s/a@1.0.0", "required", true, ["pkg:npm/c@3.1.0"]],
    ["pkg:npm/b@2.0.0", "excluded", true, []],
    ["pkg:npm/c@3.1.0", "required", false, []],
    ["pkg:npm/lodash@4.18.1", "required", true, []],
  ];

  test("of version 1 is read in its own form, aliases by what they stand for", () => {
    const archive = (name: string) => `https://registry.yarnpkg.com/${name}/-/x.tgz#0bf0`;
    const text = `# yarn lockfile v1


"@s/a@^1":
  version "1.0.0"
  resolved "${archive("@s/a")}"
  integrity ${integrity}
  dependencies:
    c "^3.0.0 || ^4"

b@^2:
  version "2.0.0"
  resolved "${archive("b")}"

"c@^3.0.0 || ^4", c@^3.1:
  version "3.1.0"
  resolved "${archive("c")}"

"lod@npm:lodash@^4":
  version "4.18.1"
  resolved "${archive("lodash")}"
`;
    expect(listed([{ path: "yarn.lock", text }, manifest])).toEqual(expected);
  });

  test("of newer versions is YAML, with the module itself in it", () => {
    const text = `
__metadata: { version: 8 }
"@s/a@npm:^1": { version: 1.0.0, resolution: "@s/a@npm:1.0.0", dependencies: { c: "npm:^3.0.0" }, linkType: hard }
"b@npm:^2": { version: 2.0.0, resolution: "b@npm:2.0.0", linkType: hard }
"c@npm:^3.0.0, c@npm:^3.1": { version: 3.1.0, resolution: "c@npm:3.1.0", linkType: hard }
"lod@npm:lodash@^4": { version: 4.18.1, resolution: "lodash@npm:4.18.1", linkType: hard }
"own@workspace:.": { version: 0.0.0-use.local, resolution: "own@workspace:.", linkType: soft }
`;
    expect(listed([{ path: "yarn.lock", text }, manifest])).toEqual(expected);
  });
});

describe("Python's inventories", () => {
  const metadata = (name: string, more = "") => ({
    path: `.venv/lib/python3.13/site-packages/${name}-1.0.dist-info/METADATA`,
    text: `Metadata-Version: 2.4\nName: ${name}\nVersion: 1.0\n${more}\n\nLicense: not this one\n`,
  });

  test("say what is installed, with licences in any of the three ways that metadata knows", () => {
    const files = [
      metadata(
        "Own_Web",
        "License-Expression: MIT OR Apache-2.0\nRequires-Dist: dep.two (>=1)\nRequires-Dist: x; extra == 'y'",
      ),
      metadata("dep-two", "Classifier: License :: OSI Approved :: Apache Software License"),
      metadata("three", "License: BSD"),
    ];
    expect(listed(files)).toEqual([
      ["pkg:pypi/dep-two@1.0", "required", false, []],
      ["pkg:pypi/own-web@1.0", "required", true, ["pkg:pypi/dep-two@1.0"]],
      ["pkg:pypi/three@1.0", "required", true, []],
    ]);
    expect(resolvedPackages(files).packages.map(({ licence }) => licence)).toEqual([
      "Apache-2.0",
      "MIT OR Apache-2.0",
      "BSD",
    ]);
  });

  test("of poetry know groups, in the form of both its versions", () => {
    const text = `
[[package]]
name = "Flask"
version = "3.1.3"
optional = false
groups = ["main"]
files = [{file = "flask-3.1.3-py3-none-any.whl", hash = "sha256:${sha256}"}, {file = "flask-3.1.3.tar.gz", hash = "sha256:${"b".repeat(64)}"}]
[package.dependencies]
werkzeug = ">=3.1"

[[package]]
name = "werkzeug"
version = "3.1.0"
optional = false
category = "main"

[[package]]
name = "pytest"
version = "8.0.0"
optional = false
category = "dev"
`;
    const pyproject = {
      path: "pyproject.toml",
      text: '[tool.poetry.dependencies]\npython = "^3.11"\nflask = "*"\n',
    };
    const files = [{ path: "poetry.lock", text }, pyproject];
    expect(listed(files)).toEqual([
      ["pkg:pypi/flask@3.1.3", "required", true, ["pkg:pypi/werkzeug@3.1.0"]],
      ["pkg:pypi/pytest@8.0.0", "excluded", false, []],
      ["pkg:pypi/werkzeug@3.1.0", "required", false, []],
    ]);
    expect(resolvedPackages(files).packages[0]?.hashes).toEqual({ "SHA-256": sha256 });
  });

  test("of uv leave out the module itself, and know what it needs for development only", () => {
    const text = `
[[package]]
name = "own"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "flask"
version = "3.1.3"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.example/flask-3.1.3-py3-none-any.whl", hash = "sha256:${sha256}" }]

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "flask" }]
`;
    expect(listed([{ path: "uv.lock", text }])).toEqual([
      ["pkg:pypi/flask@3.1.3", "required", true, []],
      ["pkg:pypi/pytest@8.0.0", "excluded", true, ["pkg:pypi/flask@3.1.3"]],
    ]);
  });
});

test("Go's modules come from go.mod with replacements, their hashes from go.sum", () => {
  const files = [
    {
      path: "go.mod",
      text: 'module own\n\ngo 1.25\n\nrequire (\n\tgithub.com/A/b v1.2.3\n\tgolang.org/x/sys v0.1.0 // indirect\n\texample.com/local v0.0.0\n)\nrequire "rsc.io/quote" v1.5.2+incompatible\nreplace example.com/local => ./local\nreplace rsc.io/quote => rsc.io/quote/v3 v3.1.0 // faster\n',
    },
    { path: "go.sum", text: "github.com/A/b v1.2.3 h1:AAAA\ngithub.com/A/b v1.2.3/go.mod h1:BBBB\n" },
  ];
  expect(listed(files)).toEqual([
    ["pkg:golang/github.com/A/b@v1.2.3", "required", true, []],
    ["pkg:golang/golang.org/x/sys@v0.1.0", "required", false, []],
    ["pkg:golang/rsc.io/quote/v3@v3.1.0", "required", true, []],
  ]);
  expect(resolvedPackages(files).packages[0]?.hashes).toEqual({ "SHA-256": "000000" });
});

describe("Java's inventories", () => {
  const pom = {
    path: "pom.xml",
    text: `<project><version>1</version><properties><j.version>2.0</j.version></properties>
      <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId><version>3.0</version></dependency></dependencies></dependencyManagement>
      <dependencies>
        <dependency><groupId>g</groupId><artifactId>a</artifactId><version>\${j.version}</version></dependency>
        <dependency><groupId>g</groupId><artifactId>managed</artifactId><scope>test</scope></dependency>
        <dependency><groupId>g</groupId><artifactId>by-parent</artifactId></dependency>
      </dependencies></project>`,
  };

  test("of Maven are what the module declares, and say so", () => {
    expect(listed([pom])).toEqual([
      ["pkg:maven/g/a@2.0", "required", true, []],
      ["pkg:maven/g/by-parent@unknown", "required", true, []],
      ["pkg:maven/g/managed@3.0", "excluded", true, []],
    ]);
    expect(resolvedPackages([pom]).sources).toEqual([{ path: "pom.xml", completeness: "declared" }]);
  });

  test("of Gradle are what was resolved, and make a declaration beside them superfluous", () => {
    const text =
      "# comment\ng:a:1.0=compileClasspath,runtimeClasspath\ng:junit:5.0=testRuntimeClasspath\nempty=annotationProcessor\n";
    expect(listed([pom, { path: "gradle.lockfile", text }])).toEqual([
      ["pkg:maven/g/a@1.0", "required", true, []],
      ["pkg:maven/g/junit@5.0", "excluded", true, []],
    ]);
  });
});

test("NuGet's lock and assets say who needs whom", () => {
  const lock = {
    version: 1,
    dependencies: {
      "net8.0": {
        Serilog: {
          type: "Direct",
          resolved: "4.0.0",
          contentHash: "x",
          dependencies: { "System.Text": "8.0.0" },
        },
        "system.text": { type: "Transitive", resolved: "8.0.0" },
        own: { type: "Project" },
      },
    },
  };
  const expected = [
    ["pkg:nuget/Serilog@4.0.0", "required", true, ["pkg:nuget/system.text@8.0.0"]],
    ["pkg:nuget/system.text@8.0.0", "required", false, []],
  ];
  expect(listed([{ path: "packages.lock.json", text: JSON.stringify(lock) }])).toEqual(expected);
  const assets = {
    targets: {
      "net8.0": {
        "Serilog/4.0.0": { type: "package", dependencies: { "System.Text": "8.0.0" } },
        "system.text/8.0.0": { type: "package" },
      },
    },
    libraries: { "Serilog/4.0.0": { sha512: "AAAA", type: "package" } },
    project: { frameworks: { "net8.0": { dependencies: { Serilog: {} } } } },
  };
  expect(listed([{ path: "obj/project.assets.json", text: JSON.stringify(assets) }])).toEqual(expected);
});

describe("an inventory that cannot be read", () => {
  test.each([
    ["package-lock.json", "{"],
    ["package-lock.json", '{"packages": []}'],
    ["pnpm-lock.yaml", "a: [1"],
    ["yarn.lock", '"a@1":\n      version'],
    ["poetry.lock", "[[package]]\nname = 1"],
    ["uv.lock", "= 3"],
    ["gradle.lockfile", "what is this"],
    ["obj/project.assets.json", "[]"],
  ])("%s is refused by its name: %s", (path, text) => {
    expect(() => resolvedPackages([{ path, text }])).toThrow(`SbomMissing: ${path} cannot be read`);
  });
});

function listed(files: InventoryFile[]) {
  return resolvedPackages(files).packages.map(({ purl, scope, direct, dependsOn }) => [
    purl,
    scope,
    direct,
    dependsOn,
  ]);
}

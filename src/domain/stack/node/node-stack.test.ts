import { describe, expect, test } from "vitest";
import { type Files, inferFrom, refusalFrom } from "../../../../test/support/infer-from.ts";
import { toolchainOf } from "../stacks.ts";

const service = { name: "rooms", version: "1.0.0", scripts: { start: "node server.js" } };
const packageFile = (more: object = {}): Files => ({
  "package.json": JSON.stringify({ ...service, ...more }),
});
const pnpmLock = { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" };
const berryLock = (version: number) => ({ "yarn.lock": `# by yarn\n\n__metadata:\n  version: ${version}\n` });

describe("the package manager", () => {
  test.each<[string, Files, string, string | undefined]>([
    ["nothing says", packageFile(), "npm", undefined],
    ["a lock file of npm", { ...packageFile(), "package-lock.json": "{}" }, "npm", undefined],
    ["a lock file of pnpm 9 and 10", { ...packageFile(), ...pnpmLock }, "pnpm", "10.34.9"],
    [
      "a lock file of pnpm 8",
      { ...packageFile(), "pnpm-lock.yaml": "lockfileVersion: '6.0'\n" },
      "pnpm",
      "8.15.9",
    ],
    ["a lock file of yarn 1", { ...packageFile(), "yarn.lock": "# yarn lockfile v1\n" }, "yarn", "1.22.22"],
    ["a lock file of yarn 3", { ...packageFile(), ...berryLock(6) }, "yarn", "3.8.7"],
    ["a lock file of yarn 4", { ...packageFile(), ...berryLock(8) }, "yarn", "4.9.2"],
    [
      "yarn's own release",
      { ...packageFile(), ...berryLock(8), ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.5.0.cjs\n" },
      "yarn",
      "4.5.0",
    ],
    [
      "packageManager, hash and all",
      packageFile({ packageManager: "pnpm@9.1.0+sha512.abc" }),
      "pnpm",
      "9.1.0",
    ],
    [
      "devEngines",
      packageFile({ devEngines: { packageManager: { name: "yarn", version: "4.9.2" } } }),
      "yarn",
      "4.9.2",
    ],
    [
      "two lock files, and packageManager",
      { ...packageFile({ packageManager: "pnpm@10.0.0" }), ...pnpmLock, "yarn.lock": "" },
      "pnpm",
      "10.0.0",
    ],
    [
      "two lock files, and module.yaml",
      { ...packageFile(), ...pnpmLock, "package-lock.json": "{}", "module.yaml": "packageManager: npm\n" },
      "npm",
      undefined,
    ],
    [
      "a workspace of pnpm without a lock file",
      { ...packageFile(), "pnpm-workspace.yaml": "packages: []\n" },
      "pnpm",
      "10.34.9",
    ],
  ])("is told by: %s", (_, files, name, version) => {
    const spec = inferFrom(files);
    expect([spec.packageManager, spec.packageManagerVersion]).toEqual([name, version]);
  });

  test.each<[Files, RegExp, RegExp]>([
    [
      { ...packageFile(), ...pnpmLock, "package-lock.json": "{}" },
      /package-lock\.json and pnpm-lock\.yaml are both there.*npm or pnpm/,
      /packageManager=pnpm@<version>/,
    ],
    [
      { ...packageFile({ packageManager: "pnpm@10.0.0" }), "yarn.lock": "" },
      /yarn\.lock is there, but packageManager in package\.json says pnpm/,
      /own lock file/,
    ],
    [
      packageFile({ packageManager: "pnpm" }),
      /packageManager: "pnpm" was given; expected a name with an exact version/,
      /npm pkg set/,
    ],
    [
      packageFile({ packageManager: "bun@1.2.0" }),
      /"bun" resolves the module/,
      /npm install --package-lock-only/,
    ],
    [
      { ...packageFile(), "pnpm-lock.yaml": "lockfileVersion: '99.0'\n" },
      /pnpm-lock\.yaml has form 99; expected one of 5, 6, 9/,
      /packageManager/,
    ],
    [packageFile({ dependencies: { a: "catalog:" } }), /a catalog:, which lies outside/, /npm pack/],
  ])("is refused where that is not clear: %#", (files, message, next) => {
    const refusal = refusalFrom(files);
    expect(refusal.message).toMatch(message);
    expect(refusal.next).toMatch(next);
  });

  test("needs nothing installed beside npm, and runs no install scripts", () => {
    for (const files of [
      packageFile(),
      { ...packageFile(), ...pnpmLock },
      { ...packageFile(), "yarn.lock": "" },
    ]) {
      const install = toolchainOf(inferFrom(files)).install.map(({ run }) => run);
      expect(["npm", "npx"]).toContain(install[0]?.[0]);
      expect(install[0]).toContain("--ignore-scripts");
    }
    const berry = inferFrom({ ...packageFile(), ...berryLock(8) });
    expect(berry.environment).toMatchObject({
      YARN_ENABLE_SCRIPTS: "false",
      YARN_NODE_LINKER: "node-modules",
    });
  });

  test.each<[string, Files, string, string | undefined]>([
    [
      "pnpm",
      { ...packageFile(), ...pnpmLock },
      "npx --prefer-offline --yes pnpm@10.34.9 install --frozen-lockfile --prod",
      "--config.modules-cache-max-age=0",
    ],
    [
      "yarn 1",
      { ...packageFile(), "yarn.lock": "" },
      "npx --prefer-offline --yes yarn@1.22.22 install --frozen-lockfile --production=true",
      "--prefer-offline",
    ],
    [
      "yarn 4",
      { ...packageFile(), ...berryLock(10) },
      "npx --prefer-offline --yes @yarnpkg/cli-dist@4.18.1 install --immutable",
      "workspaces focus --all --production",
    ],
    [
      "yarn 3, which cannot leave anything out",
      { ...packageFile(), ...berryLock(6) },
      "npx --prefer-offline --yes @yarnpkg/cli-dist@3.8.7 install --immutable",
      undefined,
    ],
    [
      "yarn without a lock file",
      packageFile({ packageManager: "yarn@4.9.2" }),
      "npx --prefer-offline --yes @yarnpkg/cli-dist@4.9.2 install --no-immutable",
      "focus",
    ],
  ])("resolves exactly what is locked, and leaves the rest out after it: %s", (_, files, install, prune) => {
    const toolchain = toolchainOf(inferFrom(files));
    expect(toolchain.install[0]?.run.join(" ")).toMatch(
      new RegExp(`^${install.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
    );
    if (prune === undefined) expect(toolchain.prune).toBeUndefined();
    else expect(toolchain.prune?.join(" ")).toContain(prune);
  });

  test("a workspace inside of the module may refer to its own packages, which decide what is installed", () => {
    const files = {
      ...packageFile({ workspaces: ["libs/*"], dependencies: { a: "workspace:*" } }),
      "libs/a/package.json": "{}",
    };
    expect(inferFrom(files).manifestFiles).toEqual(["package.json", "libs/a/package.json"]);
  });
});

describe("the version of Node", () => {
  test.each<[Files, string]>([
    [packageFile(), "24"],
    [packageFile({ engines: { node: ">=18" } }), "24"],
    [packageFile({ engines: { node: "^20.10.0 || 22.x" } }), "22"],
    [packageFile({ engines: { node: "<23" } }), "22"],
    [packageFile({ engines: ["node >= 0.8"] }), "24"],
    [packageFile({ volta: { node: "20.11.1" } }), "20"],
    [{ ...packageFile({ engines: { node: ">=20" } }), ".nvmrc": "v22.1.0\n" }, "22"],
    [{ ...packageFile(), ".nvmrc": "lts/jod" }, "22"],
    [{ ...packageFile(), ".node-version": "20 # for now\n" }, "20"],
    [{ ...packageFile(), ".nvmrc": "lts/*" }, "24"],
  ])("of %j", (files, version) => {
    expect(inferFrom(files).runtimeVersion).toBe(version);
  });

  test("is refused where it is not looked after any more", () => {
    const refusal = refusalFrom({ ...packageFile(), ".nvmrc": "16" });
    expect(refusal.message).toBe(
      '.nvmrc asks for "16"; expected a version that is looked after: 20, 22, 24.',
    );
    expect(refusal.next).toContain("runtimeVersion:");
    expect(refusalFrom(packageFile({ engines: { node: "12.x" } })).message).toContain("engines.node");
  });
});

describe("tests", () => {
  const tested = (script: string, more: object = {}) =>
    inferFrom(packageFile({ scripts: { ...service.scripts, test: script }, ...more }));

  test("of node:test report by NODE_OPTIONS, as node itself runs them", () => {
    const spec = tested("node --test test/");
    expect(spec.test).toEqual(["npm", "test"]);
    expect(spec.reports).toEqual({ junit: ["junit.xml"] });
    expect(spec.testEnvironment?.NODE_OPTIONS).toContain(
      "--test-reporter=junit --test-reporter-destination=junit.xml",
    );
    expect(tested("node --test --experimental-test-coverage").reports?.coverage).toEqual({
      format: "lcov",
      path: "lcov.info",
    });
  });

  test("of Vitest report by arguments, and their coverage where the script measures it", () => {
    const spec = tested("cross-env NODE_ENV=test vitest run --coverage");
    expect(spec.test?.join(" ")).toMatch(
      /^npm test -- --reporter=default --reporter=junit --outputFile\.junit=junit\.xml --coverage/,
    );
    expect(spec.reports).toEqual({
      junit: ["junit.xml"],
      coverage: { format: "lcov", path: "coverage/lcov.info" },
    });
    expect(tested("vitest run", { packageManager: "pnpm@10.0.0" }).test).not.toContain("--");
  });

  test("of Jest report where the reporter is a dependency", () => {
    expect(tested("jest").reports).toBeUndefined();
    const spec = tested("jest", { devDependencies: { "jest-junit": "^16" } });
    expect(spec).toMatchObject({
      reports: { junit: ["junit.xml"] },
      testEnvironment: { JEST_JUNIT_OUTPUT_FILE: "junit.xml" },
    });
  });

  test.each([
    "mocha",
    "tap test/",
    "npm run lint && vitest run",
    "vitest run --reporter=dot",
    "node --test --test-reporter=tap",
    "vitest watch",
  ])("are left as they are where no report can be had: %s", (script) => {
    expect(tested(script)).toMatchObject({ test: ["npm", "test"] });
    expect(tested(script).reports).toBeUndefined();
    expect(tested(script).testEnvironment).toBeUndefined();
  });

  test("that module.yaml gives report too where node runs them", () => {
    const spec = inferFrom({ ...packageFile(), "module.yaml": "test: node --test\n" });
    expect(spec).toMatchObject({ test: ["node", "--test"], reports: { junit: ["junit.xml"] } });
  });
});

describe("what else is read", () => {
  test.each([
    [{ "@nestjs/core": "1", express: "1" }, "nestjs"],
    [{ next: "1", react: "1" }, "next"],
    [{ fastify: "1" }, "fastify"],
    [{ koa: "1" }, "koa"],
    [{ hono: "1" }, "hono"],
    [{ express: "1" }, "express"],
    [{ lodash: "1" }, undefined],
  ])("the framework of %j", (dependencies, framework) => {
    expect(inferFrom(packageFile({ dependencies })).framework).toBe(framework);
  });

  test("no framework that only its tests use, but one that builds what runs", () => {
    const framework = (devDependencies: Record<string, string>) =>
      inferFrom(packageFile({ devDependencies })).framework;
    expect(framework({ express: "1" })).toBeUndefined();
    expect(framework({ next: "1" })).toBe("next");
  });

  test.each<[string, Files, number]>([
    ["the start script", packageFile({ scripts: { start: "next start --port 3100" } }), 3100],
    ["a variable in it", packageFile({ scripts: { start: "PORT=3200 node server.js" } }), 3200],
    ["example settings", { ...packageFile(), ".env.example": "A=1\nPORT=3300 # http\n" }, 3300],
    ["the Dockerfile", { ...packageFile(), Dockerfile: `FROM node\nARG P=3400\nEXPOSE \${P}/tcp\n` }, 3400],
    [
      "module.yaml before all",
      { ...packageFile({ scripts: { start: "node x.js --port 1" } }), "module.yaml": "port: 3500\n" },
      3500,
    ],
  ])("the port, of %s", (_, files, port) => {
    expect(inferFrom(files).port).toBe(port);
  });

  test("no port out of a Dockerfile and settings that were generated", () => {
    const mark = "# Generated by connectsoft-delivery for booking-service.\n";
    const generated = {
      Dockerfile: `${mark}FROM node\nEXPOSE 8080\n`,
      ".env.template": `${mark}PORT=8080\n`,
    };
    expect(inferFrom({ ...packageFile(), ...generated }).port).toBeUndefined();
  });

  test("no port where a Dockerfile exposes several", () => {
    expect(inferFrom({ ...packageFile(), Dockerfile: "FROM node\nEXPOSE 80 443\n" }).port).toBeUndefined();
  });

  test("the start script for production is stronger than the one for developing", () => {
    const scripts = { start: "nest start", "start:prod": "node dist/main" };
    expect(inferFrom(packageFile({ scripts })).start).toEqual(["node", "dist/main"]);
  });
});

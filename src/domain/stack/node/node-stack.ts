/** Node.js: a package.json, resolved by npm, pnpm or yarn. */
import type { ModuleSpec } from "../../module/module-spec.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts, Toolchain } from "../stack.ts";
import {
  cachesOf,
  installCommand,
  managerEnvironment,
  pruneCommand,
  scriptCommand,
} from "./node-commands.ts";
import { nodeFramework } from "./node-framework.ts";
import { commandTests, scriptTests } from "./node-tests.ts";
import { nodeVersion, nodeVersionFiles } from "./node-version.ts";
import { isBuilt, requireWithin, startCommand, startScript, testScript } from "./package-conventions.ts";
import { readPackageFile, script, unscopedName } from "./package-file.ts";
import { chooseManager } from "./package-manager.ts";

const settings = [".yarnrc.yml", "pnpm-lock.yaml", "yarn.lock", ...nodeVersionFiles];

export const nodeStack: Stack = {
  runtime: "node",
  label: "Node.js",
  packageManagers: ["npm", "pnpm", "yarn"],
  manifest: "package.json",
  isManifest: (name) => name === "package.json",
  describes: (path) => path === "package.json" || settings.includes(path) || describesPort(path),
  recognise,
  toolchain,
};

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const text = folder.read("package.json");
  if (text === undefined) return undefined;
  const file = readPackageFile(text);
  const packageFolder = { file, paths: folder.paths };
  const manager = chooseManager(file, folder, asked.packageManager);
  requireWithin(packageFolder);
  const { name, version } = file;
  const testText = testScript(packageFolder);
  const testFacts =
    asked.test !== undefined
      ? commandTests(asked.test)
      : testText === undefined
        ? {}
        : scriptTests(file, manager, testText);
  const start = startCommand(packageFolder);
  const framework = nodeFramework(file);
  const port = readPort(folder, { lines: [script(file, startScript(file) ?? "start")], start: asked.start });
  return {
    packageManager: manager.name,
    ...(manager.version === undefined ? {} : { packageManagerVersion: manager.version }),
    runtimeVersion: nodeVersion(file, folder),
    ...(framework === undefined ? {} : { framework }),
    locked: manager.locks.length > 0,
    manifestFiles: [
      "package.json",
      ...manager.locks,
      ...[...folder.paths].filter(decidesWhatIsInstalled).sort(),
    ],
    ...(name === undefined ? {} : { name: { value: unscopedName(name), from: "name in package.json" } }),
    ...(version === undefined ? {} : { version: { value: version, from: "version in package.json" } }),
    ...(isBuilt(packageFolder) ? { build: scriptCommand(manager, "build") } : {}),
    ...testFacts,
    ...(start === undefined ? {} : { start }),
    ...(port === undefined ? {} : { port }),
    environment: managerEnvironment(manager),
    noStart: {
      lookedFor:
        "in package.json no start script and no bin or main that is there; no server.js, no index.js",
      next: "Add a start script (`npm pkg set scripts.start='node server.js'`), or say it with --start.",
    },
  };
}

/** Settings, patches and the packages of a workspace: without them a package manager would install something else. */
function decidesWhatIsInstalled(path: string): boolean {
  if (path.includes("node_modules/")) return false;
  if ([".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs"].includes(path))
    return true;
  return /^(\.yarn\/(patches|plugins|releases)|patches)\//.test(path) || path.endsWith("/package.json");
}

function toolchain(module: ModuleSpec): Toolchain {
  const { packageManager: name, packageManagerVersion: version, locked } = module;
  const caches = cachesOf(module);
  const resolves = name !== "none";
  const development = module.build !== undefined || module.test !== undefined;
  const prune = resolves ? pruneCommand({ name, version }) : undefined;
  return {
    install: resolves
      ? [{ name: "install", run: installCommand({ name, version, locked, development }) }]
      : [],
    ...(prune === undefined ? {} : { prune }),
    caches: resolves ? caches : [],
    inventories: (path) =>
      /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock)$/.test(path) ||
      path === "node_modules/.package-lock.json",
    leavesOut: (path) =>
      caches.some(({ folder }) => path === folder || path.startsWith(`${folder}/`)) ||
      /^(\.yarn\/(cache|unplugged)\/|\.yarn\/install-state\.gz$|junit\.xml$|lcov\.info$|coverage\/)/.test(
        path,
      ),
  };
}

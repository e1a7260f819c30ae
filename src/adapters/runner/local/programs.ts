/** The programs that steps need: where they are, which version they have, and how to get one that is missing. */
import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Command, Runtime } from "../../../domain/module/module-spec.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { ToolVersion } from "../../../ports/pipeline-runner.ts";

interface Tool {
  /** Completes "Install ...". */
  install: string;
  /** Whose version module.yaml or convention names. */
  runtime?: Runtime;
  versionArgs?: Command;
}

/** Tools that a worker may lack. What is not named here is the module's own: its absence fails the step. */
const tools: Record<string, Tool> = {
  node: { install: "Node.js from nodejs.org", runtime: "node" },
  npm: { install: "npm (it comes with Node.js)" },
  npx: { install: "npm (it comes with Node.js)" },
  pnpm: { install: "it with npm: npm install --global pnpm" },
  yarn: { install: "it with npm: npm install --global yarn" },
  python: { install: "Python from python.org or your system's packages", runtime: "python" },
  python3: { install: "Python from python.org or your system's packages", runtime: "python" },
  pip: { install: "pip (it comes with Python)" },
  poetry: { install: "it with pip: pip install poetry" },
  uv: { install: "it with pip: pip install uv" },
  go: { install: "Go from go.dev/dl", runtime: "go", versionArgs: ["version"] },
  java: { install: "a JDK such as Eclipse Temurin", runtime: "java", versionArgs: ["-version"] },
  mvn: { install: "Maven from maven.apache.org, or add its wrapper to the module" },
  gradle: { install: "Gradle from gradle.org, or add its wrapper to the module" },
  dotnet: { install: "the .NET SDK from dot.net", runtime: "dotnet" },
};

const languages: Partial<Record<Runtime, string>> = {
  node: "node",
  python: "python3",
  go: "go",
  java: "java",
  dotnet: "dotnet",
};

const run = promisify(execFile);
const versions = new Map<string, Promise<string | undefined>>();

/** Absolute path of a program on the PATH, or of one that is named by its path; undefined where there is none. */
export function findProgram(name: string, path: string, directory = "/"): string | undefined {
  if (name.includes("/"))
    return isExecutable(resolve(directory, name)) ? resolve(directory, name) : undefined;
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(resolve(directory, folder), name))
    .find(isExecutable);
}

/** Refuses with Unavailable where a command begins with a tool of a language that is not on this host. */
export function requireTool(model: PipelineModel, command: Command, path: string): void {
  const [program = ""] = command;
  const tool = Object.hasOwn(tools, program) ? tools[program] : undefined;
  if (tool === undefined || findProgram(program, path) !== undefined) return;
  const wanted = tool.runtime === model.runtime.name ? ` ${model.runtime.version}` : "";
  throw refuse(
    "Unavailable",
    `${model.moduleId} needs ${program}${wanted}, and ${program} is not on the PATH of this worker.`,
    `Install ${tool.install}, then retry: connectsoft doctor checks this host.`,
  );
}

/** The language and every tool that the commands begin with, as far as they are here. */
export async function toolVersions(
  model: PipelineModel,
  commands: Command[],
  path: string,
): Promise<ToolVersion[]> {
  const language = languages[model.runtime.name];
  const used = commands.map(([program = ""]) => program).filter((name) => Object.hasOwn(tools, name));
  const names = [...new Set([...(language === undefined ? [] : [language]), ...used])];
  const found: ToolVersion[] = [];
  for (const name of names) {
    const version = await versionOf(name, path);
    if (version === undefined) continue;
    const { runtime } = tools[name] ?? {};
    const other = runtime === model.runtime.name && !isVersion(version, model.runtime.version);
    if (name !== "npx") found.push({ name, version, ...(other && { wanted: model.runtime.version }) });
  }
  return [...found, ...broughtByNpx(commands)];
}

/** `npx --yes pnpm@9.1.0`: the version is said and not found. */
function broughtByNpx(commands: Command[]): ToolVersion[] {
  const words = commands.flatMap(([program, ...args]) => (program === "npx" ? args.slice(0, 2) : []));
  const named = words.map((word) => /^(?:@yarnpkg\/cli-dist|(pnpm|yarn))@(\d[\w.-]*)$/.exec(word));
  const first = named.find((match) => match !== null);
  return first?.[2] === undefined ? [] : [{ name: first[1] ?? "yarn", version: first[2] }];
}

/** 3.13.2 is 3.13 and 3; it is not 3.1. */
function isVersion(version: string, wanted: string): boolean {
  const plain = wanted.replace(/^[^\d]*/, "").replace(/\.x$/, "");
  return version === plain || version.startsWith(`${plain}.`);
}

/** Asked once for each state of the file. */
async function versionOf(name: string, path: string): Promise<string | undefined> {
  const at = findProgram(name, path);
  if (at === undefined) return undefined;
  const key = `${at} ${statSync(at).mtimeMs}`;
  const known = versions.get(key) ?? askVersion(name, at, path);
  versions.set(key, known);
  return known;
}

async function askVersion(name: string, at: string, path: string): Promise<string | undefined> {
  if (at === process.execPath) return process.versions.node;
  const options = { timeout: 20_000, env: { ...process.env, PATH: path } };
  return run(at, tools[name]?.versionArgs ?? ["--version"], options).then(
    ({ stdout, stderr }) => /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0],
    () => undefined,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

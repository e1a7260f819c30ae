/** What of the built tree reaches the image that runs, and what that image needs to know. */
import { posix } from "node:path";
import type { Command, ModuleSpec } from "../../module/module-spec.ts";
import type { PinnedImage } from "../pins/images.ts";
import { otherImages } from "../pins/images.ts";
import { copy } from "./dockerfile-lines.ts";
import { goProber } from "./healthcheck.ts";

export interface RuntimeRecipe {
  /** Another image than the table's for that version. */
  image?: PinnedImage;
  copies: string[];
  environment: Record<string, string>;
  start: Command;
  /** A signal other than SIGTERM that the process knows. */
  stopSignal?: string;
}

export function runtimeRecipe(module: ModuleSpec): RuntimeRecipe {
  const { start } = module;
  switch (module.runtime) {
    case "node":
      return node(module);
    case "python":
      return python(module);
    case "go":
      return {
        ...(module.environment?.CGO_ENABLED === "1" ? { image: otherImages.glibc } : {}),
        copies: [built(programOf(start)), copy([goProber], goProber, "--from=build")],
        environment: {},
        start,
      };
    case "java":
      return {
        copies: [built(javaPath(start))],
        environment: { JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=75.0 -XX:+ExitOnOutOfMemoryError" },
        start,
      };
    case "dotnet":
      return {
        copies: [built(folderOf(programOf(start[0] === "dotnet" ? start.slice(1) : start)))],
        environment: { DOTNET_EnableDiagnostics: "0" },
        start,
      };
    case "container":
      return { copies: [], environment: {}, start };
  }
}

/**
 * A script that another package manager would run is run by npm, which every image has: nothing is fetched at start.
 * npm itself keeps a log of every run at home, where nothing may be written.
 */
function node({ start }: ModuleSpec): RuntimeRecipe {
  const script = start[0] === "npx" ? start[start.indexOf("run") + 1] : undefined;
  const isScript = script !== undefined && start.includes("run");
  const command = isScript ? ["npm", "run", script, "--silent"] : start;
  const quiet = { npm_config_cache: "/tmp/.npm", npm_config_update_notifier: "false" };
  return {
    copies: [everything()],
    environment: { NODE_ENV: "production", ...(command[0] === "npm" ? quiet : {}) },
    start: command,
  };
}

/** Python's own answer to SIGINT is an orderly end; as the first process it would not hear SIGTERM. */
function python({ start }: ModuleSpec): RuntimeRecipe {
  return {
    copies: [everything()],
    environment: { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
    start,
    ...(/^python[\d.]*$/.test(start[0] ?? "") ? { stopSignal: "SIGINT" } : {}),
  };
}

function everything(): string {
  return copy(["/app"], "./", "--from=build");
}

function built(path: string | undefined): string {
  if (path === undefined || path === "." || path.startsWith("..")) return everything();
  return copy([`/app/${path}`], `./${path}`, "--from=build");
}

/** The first word that is a file of the module. */
function programOf(words: Command): string | undefined {
  const found = words.find((word) => !word.startsWith("-"));
  return found === undefined || posix.isAbsolute(found) ? undefined : posix.normalize(found);
}

/** A jar that stands alone, or the folder of one that has its libraries beside it. */
function javaPath(start: Command): string | undefined {
  const jar = start[start.indexOf("-jar") + 1];
  if (start[0] !== "java" || !start.includes("-jar") || jar === undefined)
    return folderOf(folderOf(programOf(start)));
  const path = posix.normalize(jar);
  return posix.basename(path) === "quarkus-run.jar" ? posix.dirname(path) : path;
}

function folderOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : posix.dirname(path);
}

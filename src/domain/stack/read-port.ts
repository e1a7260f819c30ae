/** The port that a module says it serves on, where a file of it says so: its commands, its example settings, its Dockerfile. */
import type { Command } from "../module/module-spec.ts";
import { isGenerated } from "../pipeline/generated-mark.ts";
import { exposedPort, readDockerfile } from "./container/read-dockerfile.ts";
import type { ModuleFolder } from "./stack.ts";

/** Settings that people copy to begin with; `.env` itself is not looked at, as it may hold secrets. */
const examples = [".env.example", ".env.sample", ".env.template", ".env.dist", "example.env"];

export function describesPort(path: string): boolean {
  return path === "Dockerfile" || examples.includes(path);
}

export interface PortQuestion {
  /** Command lines as they are written, such as a start script. */
  lines?: (string | undefined)[];
  start?: Command | undefined;
  portVariable?: string | undefined;
}

export function readPort(folder: ModuleFolder, question: PortQuestion): number | undefined {
  const { lines = [], start, portVariable = "PORT" } = question;
  const commands = [...lines, start?.join(" ")].filter((line) => line !== undefined);
  for (const line of commands) {
    const port = portOfCommand(line, portVariable);
    if (port !== undefined) return port;
  }
  for (const path of examples) {
    const port = portOfSettings(ownText(folder, path), portVariable);
    if (port !== undefined) return port;
  }
  return exposedPort(readDockerfile(ownText(folder, "Dockerfile")));
}

/** What we generated says what was read before, or our own default, and nothing of the module's. */
function ownText(folder: ModuleFolder, path: string): string {
  const text = folder.read(path) ?? "";
  return isGenerated(text) ? "" : text;
}

/** `--port 8080`, `-p=8080`, `--bind 0.0.0.0:8080`, `PORT=8080`, `runserver 0.0.0.0:8000`. */
function portOfCommand(line: string, variable: string): number | undefined {
  const forms = [
    /(?:^|\s)(?:--port|-p)[= ](\d+)(?=\s|$)/,
    /(?:^|\s)(?:--bind|-b|--listen|runserver)[= ](?:\S*:)?(\d+)(?=\s|$)/,
    new RegExp(`(?:^|\\s)${variable}=(\\d+)(?=\\s|$)`),
    new RegExp(`\\$\\{${variable}:-(\\d+)\\}`),
  ];
  return firstPort(forms.map((form) => form.exec(line)?.[1]));
}

function portOfSettings(text: string, variable: string): number | undefined {
  const form = new RegExp(`^\\s*(?:export\\s+)?${variable}\\s*=\\s*["']?(\\d+)["']?\\s*(?:#.*)?$`, "m");
  return firstPort([form.exec(text)?.[1]]);
}

function firstPort(texts: (string | undefined)[]): number | undefined {
  return texts.map(Number).find((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}

/** Modules to deliver: small real services that say which version of them answers. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./run-program.ts";

export interface ModuleText {
  id: string;
  version?: string;
  /** More of module.yaml. */
  yaml?: string;
  /** More files, or other ones, by path. */
  files?: Record<string, string>;
}

const server = `
import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const { name, version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const greeting = process.env.GREETING ?? null;
createServer((_request, response) => response.end(JSON.stringify({ name, version, greeting, pid: process.pid })))
  .listen(Number(process.env.PORT), "127.0.0.1");
process.stdout.write(name + " " + version + " listens, token of " + (process.env.TOKEN ?? "").length + "\\n");
`;

// A start is seen as early as it happens whatever the period is; what runs is left in peace.
const probes = `
probes:
  startup: { httpGet: { path: / }, periodSeconds: 0.05, failureThreshold: 100 }
  readiness: { httpGet: { path: / }, periodSeconds: 1, failureThreshold: 3 }
  liveness: { httpGet: { path: / }, periodSeconds: 1, failureThreshold: 3 }
`;

/** Writes it into a folder of its own; resolves with the folder. */
export async function writeModule(desk: string, module: ModuleText): Promise<string> {
  const { id, version = "1.0.0", yaml = "", files = {} } = module;
  const folder = path.join(desk, `${id}-${version}`);
  const manifest = { name: id, version, private: true, type: "module", scripts: { start: "node server.js" } };
  const all: Record<string, string> = {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "module.yaml": `id: ${id}\nstart: [node, server.js]\n${probes}${yaml}`,
    "server.js": server,
    ...files,
  };
  return writeFiles(folder, all);
}

/** Writes files, by path, into a folder; resolves with the folder. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** A copy of one of `examples/`, which a test may change. */
export async function copyExample(
  desk: string,
  example: string,
  as = path.basename(example),
): Promise<string> {
  const folder = path.join(desk, as);
  await cp(path.join(root, "examples", example), folder, { recursive: true });
  return folder;
}

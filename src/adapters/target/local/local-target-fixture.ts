/** A process target in a temporary directory, with release directories made of text; for tests only. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../../domain/canonical-json.ts";
import type { Target } from "../../../ports/target.ts";
import { createLocalTargets, type LocalTargets } from "./local-targets.ts";
import { stopSupervisor, supervisorStatus } from "./stop-supervisor.ts";

export interface LocalTargetFixture {
  /** Data directory of the supervisor. */
  directory: string;
  targets: LocalTargets;
  /** The one that runs processes. */
  target: Target;
  /** More targets on the same directory, as another process of the control plane would have them. */
  another(): LocalTargets;
  artifact(files: Record<string, string>): Promise<string>;
  routerPort(): Promise<number>;
  request(host: string, path: string): Promise<{ status: number; body: string }>;
  dispose(): Promise<void>;
}

export async function localTargetFixture(): Promise<LocalTargetFixture> {
  const root = await mkdtemp(join(tmpdir(), "process-target-"));
  const directory = join(root, "target");
  const folders = new Map<string, string>();
  const artifacts = {
    async open(digest: string) {
      return folders.get(digest) ?? join(root, "missing");
    },
    async has(digest: string) {
      return folders.has(digest);
    },
    async digestNow(digest: string) {
      const folder = folders.get(digest);
      return folder === undefined ? undefined : await digestOfFolder(folder);
    },
    async secure() {},
    async restore() {},
    async collect() {
      return { removed: [], kept: folders.size };
    },
  };
  const opened: LocalTargets[] = [];
  const another = () => {
    const targets = createLocalTargets({ directory, artifacts, routerPort: 0 });
    opened.push(targets);
    return targets;
  };
  const targets = another();
  let knownPort: number | undefined;
  const routerPort = async () => {
    const status = await supervisorStatus(directory);
    if (status === undefined) throw new Error("no supervisor runs");
    return status.routerPort;
  };
  return {
    directory,
    targets,
    target: targets.process,
    another,
    async artifact(files) {
      const digest = digestOf(files);
      const folder = join(root, "artifacts", digest.slice(-16));
      await mkdir(folder, { recursive: true });
      for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
      folders.set(digest, folder);
      return digest;
    },
    routerPort,
    async request(host, path) {
      // The same for as long as the directory lives, whether a supervisor does or not.
      knownPort ??= await routerPort();
      return await get(knownPort, host, path);
    },
    async dispose() {
      for (const { close } of opened) await close();
      await stopSupervisor(directory);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** As `artifact` made it; undefined where it is gone. */
async function digestOfFolder(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return undefined;
  const files = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const);
  return digestOf(Object.fromEntries(await Promise.all(files)));
}

/** `localhost` names are not resolved everywhere, so the name goes into the header only. */
export async function get(
  port: number,
  host: string,
  path: string,
): Promise<{ status: number; body: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers: { host: `${host}:${port}` }, agent: false }, resolve)
      .on("error", reject)
      .end();
  });
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk;
  return { status: response.statusCode ?? 0, body };
}

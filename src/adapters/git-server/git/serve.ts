/** One request of git's smart HTTP protocol, answered by git's own programs; packs are streamed both ways. */
import type { ChildProcess } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { refuse } from "../../../domain/refusal.ts";
import type { GitRequest, JudgePush } from "../../../ports/git-server.ts";
import { hearPush } from "./hear-push.ts";
import { startGit } from "./run-git.ts";

export interface Served {
  gitDir: string;
  /** Where the pre-receive hook lies. */
  hooks: string;
  judge: JudgePush;
  trouble(message: string, error: unknown): void;
}

export async function serve(served: Served, request: GitRequest): Promise<ReadableStream<Uint8Array>> {
  const { service, phase, signal } = request;
  const pushes = service === "git-receive-pack" && phase === "exchange";
  const { hooks } = served;
  if (service === "git-receive-pack") await requireHook(hooks);
  signal.throwIfAborted();
  const child = startGit({
    gitDir: served.gitDir,
    args: [service.slice("git-".length), "--stateless-rpc", ...flags(phase), served.gitDir],
    env: protocolOf(request),
    config: [["core.hooksPath", pushes ? hooks : "/dev/null"], ...hiding(request)],
    stdio: pushes ? ["pipe", "pipe", "pipe", "pipe", "pipe"] : "pipe",
  });
  const end = endOf(child);
  if (pushes)
    void Promise.all([
      hearPush({ ...served, ...request, judge: judgeOf(served, request) }, ...conversation(child)),
      end,
    ]).then(([updates]) => request.landed?.(updates));
  void feed(request, child);
  signal.addEventListener("abort", () => abandon(request, child), { once: true });
  const output: AsyncIterator<Uint8Array> = (child.stdout as Readable)[Symbol.asyncIterator]();
  const first = await output.next();
  void end.then(({ code, words }) => {
    if (code !== 0 && !signal.aborted) served.trouble(`${service} of ${request.repository} failed`, words);
  });
  // Without a first byte there is no answer at all, and the client shall hear that it failed.
  if (first.done === true) {
    const { code, words } = await end;
    if (code !== 0) throw words;
  }
  return ReadableStream.from(chunks(opening(request), first, output));
}

async function* chunks(
  head: string,
  first: IteratorResult<Uint8Array>,
  output: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (head !== "") yield Buffer.from(head);
    for (let next = first; next.done !== true; next = await output.next()) yield next.value;
  } finally {
    await output.return?.();
  }
}

/** git passes over a hook that it may not run, and with it everything that the hook protects. */
async function requireHook(hooks: string): Promise<void> {
  const file = join(hooks, "pre-receive");
  await access(file, constants.X_OK).catch(() => {
    throw refuse(
      "Unavailable",
      `Pushes cannot be judged: ${file} may not be run by this account.`,
      `Make it executable: chmod 755 ${file}`,
    );
  });
}

function flags(phase: GitRequest["phase"]): string[] {
  return phase === "advertise" ? ["--http-backend-info-refs"] : [];
}

/** Tags and HEAD may stand on what is hidden, so they go with it. */
function hiding({ hidden = [] }: GitRequest): [string, string][] {
  if (hidden.length === 0) return [];
  const refs = ["HEAD", "refs/tags", ...hidden.map((branch) => `refs/heads/${branch}`)];
  return refs.map((ref) => ["transfer.hideRefs", ref]);
}

function judgeOf({ judge }: Served, request: GitRequest): JudgePush {
  return async (push) => {
    const refusals = (await request.judge?.(push.updates)) ?? [];
    return refusals.length > 0 ? refusals : await judge(push);
  };
}

/** From version 2 on git gives every commit whose id is known, advertised or not: who may not see all of it speaks the first. */
function protocolOf({ protocol, hidden = [] }: GitRequest): Record<string, string> {
  if (hidden.length > 0) return {};
  return protocol !== undefined && /^[\w=:.-]{1,200}$/.test(protocol) ? { GIT_PROTOCOL: protocol } : {};
}

function conversation(child: ChildProcess): [Duplex, Duplex] {
  return [child.stdio[3] as Duplex, child.stdio[4] as Duplex];
}

async function feed({ body, gzip, phase }: GitRequest, child: ChildProcess): Promise<void> {
  const input = child.stdin as NodeJS.WritableStream;
  if (phase === "advertise" || body === undefined) {
    input.on("error", () => undefined);
    input.end();
    return;
  }
  const source = Readable.fromWeb(body as NodeStream<Uint8Array>);
  // What ends early ends git's input, and git says what it makes of that.
  await (gzip ? pipeline(source, createGunzip(), input) : pipeline(source, input)).catch(() => undefined);
}

/** A push whose client is gone ends by itself, with everything or nothing; a clone has nobody to write to. */
function abandon({ service }: GitRequest, child: ChildProcess): void {
  child.stdin?.destroy();
  if (service === "git-upload-pack") child.kill("SIGTERM");
  else child.stdout?.resume();
}

function endOf(child: ChildProcess): Promise<{ code: number | null; words: Error }> {
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString("utf8")).slice(-4_000);
  });
  return new Promise((resolve) => {
    const finish = (code: number | null, failure?: Error) =>
      resolve({ code, words: failure ?? new Error(`git ended with ${code}: ${words.trim()}`) });
    child.once("error", (error) => finish(null, error));
    child.once("close", (code) => finish(code));
  });
}

/** Before protocol version 2 the list of refs begins with the service's name. */
function opening({ service, phase, protocol, hidden = [] }: GitRequest): string {
  const asked = service === "git-upload-pack" && protocol?.split(":").includes("version=2") === true;
  const second = asked && hidden.length === 0;
  if (phase === "exchange" || second) return "";
  const line = `# service=${service}\n`;
  return `${(line.length + 4).toString(16).padStart(4, "0")}${line}0000`;
}

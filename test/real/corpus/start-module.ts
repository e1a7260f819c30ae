/** Starts a built module from its artifact, as a target does, in a folder that it cannot write to. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { expect } from "vitest";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";

export interface StartPlace {
  artifact: string;
  home: string;
}

interface Answer {
  status: number;
  body: string;
}

/** Answers of a server on a free port; it is ended afterwards with all that it started. */
export async function askModule(module: ModuleSpec, place: StartPlace, path: string): Promise<Answer> {
  const port = await freePort();
  const { child, printed } = startModule(module, place, [], { [module.portVariable]: String(port) });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`it ended with ${code}: ${printed()}`);
  });
  try {
    return await Promise.race([ended, untilAnswered(`http://127.0.0.1:${port}${path}`)]);
  } finally {
    ended.catch(() => undefined);
    end(child);
  }
}

/** What a program printed, and how it ended. */
export async function runModule(
  module: ModuleSpec,
  place: StartPlace,
  args: string[],
): Promise<{ exitCode: number | null; printed: string }> {
  const { child, printed } = startModule(module, place, args, {});
  try {
    const [code] = await once(child, "close");
    return { exitCode: typeof code === "number" ? code : null, printed: printed() };
  } finally {
    end(child);
  }
}

function startModule(
  module: ModuleSpec,
  { artifact, home }: StartPlace,
  args: string[],
  variables: Record<string, string>,
): { child: ChildProcess; printed(): string } {
  const [program = "", ...rest] = module.start;
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
    HOME: home,
    TMPDIR: home,
    LANG: "C.UTF-8",
    ...module.environment,
    ...variables,
  };
  const child = spawn(program, [...rest, ...args], {
    cwd: artifact,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString("utf8")).slice(-20_000);
    });
  return { child, printed: () => text };
}

async function untilAnswered(url: string): Promise<Answer> {
  let answer: Answer | undefined;
  const ask = async () => {
    answer = await fetch(url).then(
      async (response) => ({ status: response.status, body: await response.text() }),
      () => undefined,
    );
    return answer;
  };
  await expect.poll(ask, { timeout: 60_000 }).toBeDefined();
  if (answer === undefined) throw new Error(`${url} did not answer`);
  return answer;
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group has ended by itself.
  }
}

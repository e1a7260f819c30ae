/** The conversation with the pre-receive hook: it says what a push wants, and hears whether that may be. */
import type { Duplex } from "node:stream";
import type { JudgePush, RefUpdate } from "../../../ports/git-server.ts";
import { createPush } from "./push.ts";

export interface Asked {
  gitDir: string;
  repository: string;
  by: string;
  judge: JudgePush;
  /** Told of a judgement that could not be made. */
  trouble(message: string, error: unknown): void;
}

const unjudged =
  "Unavailable: the rules of this repository could not be read; nothing was changed. Push again in a moment.";

/**
 * `question` is the hook's descriptor 3, `answer` its 4. A push that cannot be judged is refused. Resolves with
 * what was taken.
 */
export async function hearPush(asked: Asked, question: Duplex, answer: Duplex): Promise<RefUpdate[]> {
  // A hook that is gone hears nothing; git has given the push up then.
  answer.on("error", () => undefined);
  const lines = await readQuestion(question);
  if (lines === undefined) return [];
  const { updates, refusals } = await judge(asked, lines).catch((error: unknown) => {
    asked.trouble(`a push to ${asked.repository} could not be judged`, error);
    return { updates: [], refusals: [unjudged] };
  });
  const said = refusals.flatMap((reason) => reason.split("\n")).map((line) => `say ${line}\n`);
  answer.end(`${said.join("")}${refusals.length === 0 ? "take" : "refuse"}\n`);
  return refusals.length === 0 ? updates : [];
}

async function judge(asked: Asked, lines: string[]): Promise<{ updates: RefUpdate[]; refusals: string[] }> {
  const [objects = "", alternates = "", quarantine = "", ...moves] = lines;
  const env = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates,
    GIT_QUARANTINE_PATH: quarantine,
  };
  const push = await createPush({ ...asked, env }, moves);
  return { updates: push.updates, refusals: await asked.judge(push) };
}

/** Undefined where no hook ever asked: nothing was pushed. */
async function readQuestion(question: Duplex): Promise<string[] | undefined> {
  let text = "";
  try {
    for await (const chunk of question) {
      text += String(chunk);
      if (text.endsWith("\nend\n")) return text.split("\n").slice(0, -2);
    }
  } catch {
    // The same as an end.
  }
  return undefined;
}

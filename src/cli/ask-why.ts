/** Why a release is taken back: what the command line says, and where a person is there, what they answer. */
import { refuse } from "../domain/refusal.ts";
import { rollbackCodes } from "../domain/release/rollback-codes.ts";
import type { Cli } from "./cli.ts";

export interface Why {
  code: string;
  reason: string;
  comment?: string;
}

export async function askWhy(
  cli: Cli,
  said: { code?: string; reason?: string; comment?: string },
): Promise<Why> {
  if (cli.interactive && (said.reason === undefined || said.code === undefined)) return await ask(said);
  if (said.reason === undefined)
    throw refuse(
      "JustificationMissing",
      "A rollback stands in the record with its reason, and none was given.",
      'Say why: --code errors --reason "every second booking fails"',
    );
  return { code: said.code ?? "other", reason: said.reason, ...withComment(said.comment) };
}

async function ask(said: { code?: string; reason?: string; comment?: string }): Promise<Why> {
  const { select, input } = await import("@inquirer/prompts");
  const choices = rollbackCodes.map((value) => ({ name: value, value: value as string }));
  const code = said.code ?? (await select({ message: "What kind of trouble is it?", choices }));
  const reason = said.reason ?? (await input({ message: "What happened?", required: true }));
  const comment =
    said.comment ?? (await input({ message: "Anything else that helps later (may be empty):" }));
  return { code, reason, ...withComment(comment) };
}

function withComment(comment: string | undefined): { comment?: string } {
  return comment === undefined || comment.trim() === "" ? {} : { comment };
}

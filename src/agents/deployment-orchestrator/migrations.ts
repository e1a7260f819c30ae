/**
 * A release's migrations: each runs once a release, and so does what takes it back. The ledger knows that one
 * was begun before it begins, and the target knows the command by its id, so a repeated attempt finds it.
 */
import type { Command } from "../../domain/module/module-spec.ts";
import type { MigrationPhase } from "../../domain/rollout/rollout-steps.ts";
import { commandText } from "../../domain/rollout/trial-steps.ts";
import { spanText } from "../../domain/time-text.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { MigrationRecord, RecordedSpec } from "../../ports/release-ledger.ts";
import type { CommandResult } from "../../ports/target.ts";
import { lastWords } from "./last-words.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import { revealSpec } from "./release-environment.ts";
import { targetOf } from "./target-of.ts";

type Ports = Pick<DeploymentOrchestratorPorts, "releases" | "settings" | "targetFor">;

export interface MigrationWanted {
  phase: MigrationPhase;
  run: Command;
  undo?: Command;
  timeoutMs: number;
}

/** Returns why it failed, in one sentence that also says what was taken back; undefined where it is done. */
export async function runMigration(
  ports: Ports,
  context: AgentContext,
  { spec, migration }: { spec: RecordedSpec; migration: MigrationWanted },
): Promise<string | undefined> {
  const { phase, run, undo, timeoutMs } = migration;
  const { releaseId } = spec;
  const place = placeOf(context, spec);
  const { invocationId } = context.invocation;
  const known = (await ports.releases.migrations(place, releaseId)).find((one) => one.phase === phase);
  if (known?.state === "Completed") return undefined;
  if (known !== undefined && known.state !== "Started" && known.invocationId === invocationId)
    return failureOf(known);
  const begun: MigrationRecord =
    known?.state === "Started"
      ? known
      : { releaseId, phase, invocationId, run, ...unfinished(context), ...(undo !== undefined && { undo }) };
  await ports.releases.recordMigration(place, begun);
  const result = await runOnce(ports, context, {
    spec,
    command: { id: `${phase}.${begun.invocationId}`, run, timeoutMs },
  });
  const done = { ...begun, ...ended(context, result), state: stateAfter(result, "Completed", "Failed") };
  await ports.releases.recordMigration(place, done);
  if (done.state === "Completed") return undefined;
  if (phase === "before" && undo !== undefined) await undoMigration(ports, context, { spec });
  const now = (await ports.releases.migrations(place, releaseId)).find((one) => one.phase === phase);
  return `${failureOf(done)}${result.timedOut ? ` (it was given ${spanText(timeoutMs)})` : ""}${afterwards(now)}`;
}

/**
 * Takes back what the release's migrations did, the last one first, each once. `stays`: one sentence for each
 * that has no way back, or whose way back failed; the rollback is of the code alone where there are any.
 */
export async function undoMigration(
  ports: Ports,
  context: AgentContext,
  { spec }: { spec: RecordedSpec },
): Promise<{ undone: string[]; stays: string[] }> {
  const place = placeOf(context, spec);
  const undone: string[] = [];
  const stays: string[] = [];
  for (const known of (await ports.releases.migrations(place, spec.releaseId)).reverse()) {
    const record = await takeBack(ports, context, { spec, known });
    if (record.state === "Undone") undone.push(`\`${commandText(record.run)}\` was taken back`);
    else stays.push(whyItStays(record));
  }
  return { undone, stays };
}

const undoTimeoutMs = 600_000;

async function takeBack(
  ports: Ports,
  context: AgentContext,
  { spec, known }: { spec: RecordedSpec; known: MigrationRecord },
): Promise<MigrationRecord> {
  const { run, undo, state, phase, invocationId } = known;
  if (undo === undefined || state === "Undone" || state === "UndoFailed") return known;
  const runOne = (id: string, command: Command) =>
    runOnce(ports, context, {
      spec,
      command: { id: `${id}.${invocationId}`, run: command, timeoutMs: undoTimeoutMs },
    });
  // It was broken off and may run on: what takes it back comes after its end.
  if (state === "Started") await runOne(phase, run);
  const result = await runOne(`undo-${phase}`, undo);
  const record = { ...known, ...ended(context, result), state: stateAfter(result, "Undone", "UndoFailed") };
  await ports.releases.recordMigration(placeOf(context, spec), record);
  return record;
}

async function runOnce(
  ports: Ports,
  context: AgentContext,
  {
    spec: recorded,
    command,
  }: { spec: RecordedSpec; command: { id: string; run: Command; timeoutMs: number } },
): Promise<CommandResult> {
  const { spec, redact } = await revealSpec(ports.settings, placeOf(context, recorded), recorded);
  const progress = (line: string) => context.progress(redact(line));
  progress(`running \`${commandText(command.run)}\``);
  const result = await targetOf(ports, recorded).run(spec, command, { signal: context.signal, progress });
  progress(`\`${commandText(command.run)}\` ${endText(result)} after ${spanText(result.durationMs)}`);
  return { ...result, output: redact(result.output) };
}

function placeOf(context: AgentContext, { moduleId }: RecordedSpec) {
  const { tenantId, environment = "" } = context.invocation;
  return { tenantId, environment, moduleId };
}

function unfinished(context: AgentContext) {
  return { state: "Started" as const, exitCode: null, output: "", at: context.now().toISOString() };
}

function ended(context: AgentContext, { exitCode, output }: CommandResult) {
  return { exitCode, output, at: context.now().toISOString() };
}

function stateAfter<const Good, const Bad>(result: CommandResult, good: Good, bad: Bad): Good | Bad {
  return result.exitCode === 0 ? good : bad;
}

function endText({ exitCode, timedOut }: Pick<CommandResult, "exitCode"> & { timedOut?: boolean }): string {
  if (exitCode === 0) return "is done";
  if (timedOut === true) return "took too long and was ended";
  return exitCode === null ? "was ended by a signal" : `failed with exit code ${exitCode}`;
}

function failureOf({ run, exitCode, output }: MigrationRecord): string {
  return `the migration \`${commandText(run)}\` ${endText({ exitCode })}${lastWords(output)}`;
}

function afterwards(record: MigrationRecord | undefined): string {
  if (record?.undo === undefined || record.phase !== "before")
    return "; it has no way back, so look at what it left in the data";
  const back = `\`${commandText(record.undo)}\``;
  return record.state === "Undone" ? `; ${back} took it back` : `; ${back} failed as well: look at the data`;
}

function whyItStays({ run, undo, exitCode, output }: MigrationRecord): string {
  const what = `\`${commandText(run)}\``;
  if (undo === undefined) return `${what} has no way back: what it did to the data stays`;
  return `${what} stays: \`${commandText(undo)}\` ${endText({ exitCode })}${lastWords(output)}`;
}

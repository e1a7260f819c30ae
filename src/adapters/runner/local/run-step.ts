/** Runs one command to its end in a process group of its own, and leaves nothing of it running. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Command } from "../../../domain/module/module-spec.ts";
import type { PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import { isSummaryLine, parseTestOutput, type TestNumbers } from "../../../domain/pipeline/test-output.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { StepReport } from "../../../ports/pipeline-runner.ts";
import { type OutputReader, readOutput } from "./output-reader.ts";
import { findProgram } from "./programs.ts";

export interface StepSurroundings {
  directory: string;
  environment: Record<string, string>;
  /** Values that must not be seen in what it prints. */
  secrets: readonly string[];
  /** What takes the network away and bounds processes, before the command itself. */
  launcher: Command | [];
  /** Ends what is left of it where its process group does not hold it. */
  endRest(): Promise<void>;
  signal: AbortSignal;
  clock: Clock;
  progress(line: string): void;
}

export interface StepResult {
  report: StepReport;
  numbers?: TestNumbers;
}

/** What a group may take to end by itself after it was asked to. */
const graceMs = 2000;
/** What output may still come after the command ended, where something else holds its pipes. */
const lingerMs = 500;

export async function runStep(step: PipelineStep, around: StepSurroundings): Promise<StepResult> {
  const { clock, secrets, directory } = around;
  const begun = clock.now().getTime();
  const onLine = (line: string) => around.progress(line);
  const output = readOutput({ onLine, keep: isSummaryLine, secrets, directory });
  around.progress(`$ ${step.run.join(" ")}`);
  const end = around.signal.aborted ? cancelledBefore() : await start(step, around, output);
  const numbers = parseTestOutput(output.kept());
  const report: StepReport = {
    name: step.name,
    exitCode: end.exitCode,
    ended: end.ended,
    durationMs: clock.now().getTime() - begun,
    output: [output.text(), ...end.notes].filter((text) => text !== "").join("\n"),
  };
  return numbers === undefined ? { report } : { report, numbers };
}

interface StepEnd {
  exitCode: number | null;
  ended: StepReport["ended"];
  notes: string[];
}

/** Looked for here: a launcher would report a program that is not there as its own failure. */
async function start(step: PipelineStep, around: StepSurroundings, output: OutputReader): Promise<StepEnd> {
  const [program = ""] = step.run;
  const at = findProgram(program, around.environment.PATH ?? "", around.directory);
  if (at === undefined) {
    const where = program.includes("/") ? "it is not there, or cannot be executed" : "it is not on the PATH";
    return { exitCode: null, ended: "not-started", notes: [`cannot start ${program}: ${where}`] };
  }
  return follow(step, around, output);
}

function follow(step: PipelineStep, around: StepSurroundings, output: OutputReader): Promise<StepEnd> {
  const [program = "", ...args] = [...around.launcher, ...step.run];
  const child = spawn(program, args, {
    cwd: around.directory,
    env: around.environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  connect(child, output);
  let ended: StepReport["ended"] = "exited";

  const stop = (why: "timeout" | "cancelled") => {
    if (ended !== "exited") return;
    ended = why;
    killGroup(child, "SIGTERM");
    forget.push(around.clock.schedule(graceMs, () => killGroup(child, "SIGKILL")));
  };
  const onAbort = () => stop("cancelled");
  const forget = [around.clock.schedule(step.timeoutSeconds * 1000, () => stop("timeout"))];
  around.signal.addEventListener("abort", onAbort, { once: true });

  return new Promise<StepEnd>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined)
        finish({
          exitCode: null,
          ended: "not-started",
          notes: [`cannot start ${program}: ${error.message}`],
        });
    });
    child.once("exit", (code, killedBy) => {
      killGroup(child, "SIGKILL");
      const close = () => finish({ exitCode: code, ended, notes: notesOn(ended, step, killedBy) });
      const giveUp = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, lingerMs);
      child.once("close", () => {
        clearTimeout(giveUp);
        close();
      });
    });

    function finish(end: StepEnd): void {
      for (const cancel of forget) cancel();
      around.signal.removeEventListener("abort", onAbort);
      around.endRest().then(
        () => resolve(end),
        () => resolve(end),
      );
    }
  });
}

function connect(child: ChildProcess, output: OutputReader): void {
  for (const source of [child.stdout, child.stderr]) {
    const reader = output.stream();
    source?.on("data", (chunk: Buffer) => reader.push(chunk));
    source?.once("close", () => reader.end());
  }
}

/** Everything that the command started and that did not leave its group. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}

function cancelledBefore(): StepEnd {
  return { exitCode: null, ended: "cancelled", notes: ["cancelled before it began"] };
}

function notesOn(ended: StepReport["ended"], step: PipelineStep, killedBy: string | null): string[] {
  if (ended === "timeout") return [`ended by the runner: not done after ${step.timeoutSeconds} s`];
  if (ended === "cancelled") return ["ended by the runner: cancelled"];
  return killedBy === null ? [] : [`ended by ${killedBy}`];
}

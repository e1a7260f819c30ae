/** A failure for a person who was woken by it: what happened, who is served now, and what to do, before any detail. */

import type { Json, JsonObject } from "../domain/json.ts";
import { codeInBrackets } from "../domain/release/rollback-codes.ts";
import { spanText } from "../domain/time-text.ts";
import { reasonText } from "../domain/timeline/reason-text.ts";
import type { FailureDetails } from "../operations/describe-failure.ts";
import type { Cli } from "./cli.ts";

const mostLogLines = 12;

export function describeFailure(cli: Cli, found: FailureDetails): string[] {
  const { bold } = cli.colors;
  const [first, ...others] = found.next;
  return [
    bold(found.what),
    found.now,
    ...(first === undefined ? [] : [`${bold("next:")} ${first}`]),
    ...section(cli, "why", whyLines(found)),
    ...section(cli, "probes", probeLines(found)),
    ...section(cli, "traffic", trafficLines(found)),
    ...section(cli, "its last lines", logLines(found)),
    ...section(cli, "taken back", rollbackLines(found)),
    ...section(cli, "also possible", others),
  ];
}

function section({ colors }: Cli, title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", colors.dim(`${title}:`), ...lines.map((line) => `  ${line}`)];
}

function whyLines({ failure }: FailureDetails): string[] {
  if (failure === undefined) return [];
  const { step, at, attempts, exit, reasons, by } = failure;
  const tries = attempts === undefined || attempts === 1 ? "" : `, after ${attempts} attempts`;
  const ended =
    exit === undefined
      ? []
      : [exit.signal === null ? `It ended with exit code ${exit.code}.` : `It was ended by ${exit.signal}.`];
  return [
    `${stepText(step)} at ${at}${tries}${by === undefined ? "" : `, by ${by}`}`,
    ...reasons.map(reasonText),
    ...ended,
  ];
}

function stepText(step: string): string {
  return step === "live" ? "While it served," : step === "" ? "It failed" : `In the step ${step},`;
}

function probeLines({ failure }: FailureDetails): string[] {
  return (failure?.probes ?? []).map(({ probe, healthy, last, successes, failures }) =>
    successes + failures === 0
      ? `${probe}: not asked yet`
      : `${probe}: ${healthy ? "healthy" : "failing"}; last answer: ${last} (${successes} good, ${failures} bad)`,
  );
}

function trafficLines({ failure, running = [] }: FailureDetails): string[] {
  const of = failure?.traffic ?? running.find(({ releaseId }) => releaseId === failure?.releaseId)?.measured;
  if (of === undefined || of.requests === 0) return [];
  const { requests, errors, p50Ms, p99Ms } = of;
  return [`${requests} requests, ${errors} failed; half within ${p50Ms} ms, 99 % within ${p99Ms} ms`];
}

function logLines({ failure }: FailureDetails): string[] {
  const lines = (failure?.logTail ?? "").trimEnd().split("\n");
  return lines.length === 1 && lines[0] === "" ? [] : lines.slice(-mostLogLines);
}

function rollbackLines({ rollback }: FailureDetails): string[] {
  if (rollback === undefined) return [];
  const { steps, notUndone, comment, code, by } = rollback;
  const asked = typeof by === "string" ? [`asked for by ${by}${codeInBrackets(code)}`] : [];
  return [
    ...servedText(rollback),
    ...asked,
    ...(typeof comment === "string" ? [comment] : []),
    ...texts(steps),
    ...texts(notUndone).map((line) => `not undone: ${line}`),
  ];
}

/** What kept its traffic was never brought back, so nothing was waited for. */
function servedText({ recoveryMs, restored, kept }: JsonObject): string[] {
  if (kept === true && isObject(restored)) return [`${restored.version} had the traffic all the time`];
  if (typeof recoveryMs !== "number" || !isObject(restored)) return [];
  return [`serving again ${spanText(recoveryMs)} after the failure was known`];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

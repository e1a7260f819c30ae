/** A check that the tenant wrote: HTTP of every instance on its own port, or a command in the release's directory. */
import type { StepOf } from "../../../domain/rollout/rollout-steps.ts";
import { lastWords } from "../last-words.ts";
import { placeOf, type Rollout, type StepEnd, watchOf } from "./rollout.ts";

type HttpCheck = NonNullable<StepOf<"check">["http"]>;

export async function askCheck(rollout: Rollout, step: StepOf<"check">, attempt: number): Promise<StepEnd> {
  const { at, redact } = rollout;
  const failure =
    step.http === undefined
      ? await runCommand(rollout, step, attempt)
      : await askAll(rollout, step, step.http);
  if (failure === undefined) return { kind: "done", facts: { check: step.name, passed: true } };
  const message = `${at.releaseId} of ${at.place.moduleId} does not pass the check ${step.name}: ${redact(failure)}`;
  return { kind: "failed", reason: { code: "CheckFailed", message } };
}

async function askAll(
  rollout: Rollout,
  { timeoutMs }: StepOf<"check">,
  http: HttpCheck,
): Promise<string | undefined> {
  const { target, at, signal } = rollout;
  const running = (await target.list(placeOf(rollout))).find(({ releaseId }) => releaseId === at.releaseId);
  const instances = running?.instances ?? (running === undefined ? [] : [running]);
  const ports = instances.flatMap(({ port }) => port ?? []);
  if (ports.length === 0) return "no instance of it listens on a port";
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const answers = await Promise.all(ports.map((port) => askOne(port, http, limit)));
  signal.throwIfAborted();
  return answers.find((answer) => answer !== undefined);
}

/** Why the answer is not the expected one. */
async function askOne(
  port: number,
  { path, status, contains }: HttpCheck,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", signal });
    const body = await response.text();
    if (response.status !== status) return `GET ${path} answered ${response.status}, ${status} was expected`;
    if (contains === undefined || body.includes(contains)) return undefined;
    return `the answer of GET ${path} does not contain ${JSON.stringify(contains)}`;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return `GET ${path} took too long`;
    return `GET ${path} was not answered`;
  }
}

async function runCommand(
  rollout: Rollout,
  { name, command = [], timeoutMs }: StepOf<"check">,
  attempt: number,
): Promise<string | undefined> {
  const { target, spec, context } = rollout;
  const id = `check-${name}.${attempt}.${context.invocation.invocationId}`;
  const { exitCode, timedOut, output } = await target.run(
    spec,
    { id, run: command, timeoutMs },
    watchOf(rollout),
  );
  if (exitCode === 0) return undefined;
  const how = timedOut
    ? "took too long"
    : exitCode === null
      ? "was ended by a signal"
      : `ended with exit code ${exitCode}`;
  return `its command ${how}${lastWords(output)}`;
}

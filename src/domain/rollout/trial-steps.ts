/** The steps that do not move traffic: migrations, checks, and the watch over what took all of it. */
import { parseDuration } from "../flow/duration.ts";
import type { Command, Migration, ModuleSpec } from "../module/module-spec.ts";
import type { RolloutPolicy } from "../tenant/tenant.ts";
import type { StepOf } from "./rollout-steps.ts";

type Verification = RolloutPolicy["verification"];

export function migrateStep({ migrate }: ModuleSpec): StepOf<"migrate">[] {
  if (migrate?.before === undefined) return [];
  return [{ step: "migrate", ...migration(migrate.before, "before any traffic moves") }];
}

export function afterStep({ migrate }: ModuleSpec): StepOf<"after">[] {
  if (migrate?.after === undefined) return [];
  return [{ step: "after", ...migration(migrate.after, "after all traffic has moved") }];
}

export function checkSteps(checks: Verification["checks"]): StepOf<"check">[] {
  return checks.map(({ name, http, command, timeout }) => ({
    step: "check",
    does: `check ${name}: ${http === undefined ? commandText(command ?? []) : httpText(http)}`,
    timeoutMs: parseDuration(timeout) ?? 0,
    name,
    ...(http !== undefined && { http }),
    ...(command !== undefined && { command }),
  }));
}

export function verifyStep(version: string, policy: Verification, windowMs: number): StepOf<"verify"> {
  const { maxErrorRate, maxP99Ms, minRequests } = policy;
  const errors = `at most ${Number((maxErrorRate * 100).toFixed(1))} % of ${minRequests} or more requests may fail`;
  const latency = maxP99Ms === undefined ? "" : `, p99 at most ${maxP99Ms} ms`;
  return {
    step: "verify",
    does: `watch ${version} for ${windowMs / 1_000} s: exits and probes, ${errors}${latency}`,
    timeoutMs: windowMs,
    limits: { maxErrorRate, minRequests, ...(maxP99Ms !== undefined && { maxP99Ms }) },
  };
}

export function commandText(command: Command): string {
  return command.map((word) => (/[\s"'$]/.test(word) ? JSON.stringify(word) : word)).join(" ");
}

function migration({ run, undo, timeoutSeconds }: Migration, when: string) {
  const back = undo === undefined ? "it cannot be taken back" : `\`${commandText(undo)}\` takes it back`;
  return {
    does: `run \`${commandText(run)}\` once, ${when}; ${back}`,
    timeoutMs: timeoutSeconds * 1_000,
    run,
    ...(undo !== undefined && { undo }),
  };
}

function httpText({ path, status, contains }: NonNullable<Verification["checks"][number]["http"]>): string {
  return `GET ${path} answers ${status}${contains === undefined ? "" : ` with ${JSON.stringify(contains)}`}`;
}

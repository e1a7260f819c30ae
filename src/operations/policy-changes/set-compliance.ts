/** Puts a module, a trace, an environment or all of a tenant into compliance mode, or takes it out. */
import { z } from "zod";
import { changed } from "../../domain/policy/policy-file.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug, traceSlug } from "../../domain/scope.ts";
import type { Compliance } from "../../domain/tenant/compliance.ts";
import type { Caller, System } from "../system.ts";
import { changePolicy, type Proposed } from "./change-policy.ts";
import { type Applied, changeOf, currentOf } from "./declared.ts";
import { requireReason } from "./require-reason.ts";

const fields = z.object({
  on: z.boolean(),
  moduleId: slug.optional(),
  traceId: traceSlug.optional(),
  environment: slug.optional(),
  /** All of the tenant. */
  everything: z.literal(true).optional(),
  reason: z.string().max(2_000).default(""),
});
type Input = Omit<z.output<typeof fields>, "reason">;
type List = "modules" | "traces" | "environments";

export const setComplianceInput = fields.refine((input) => targetsOf(input).length === 1, {
  message: "expected exactly one of moduleId, traceId, environment and everything",
});

/** On: at once. Off: when a second person has confirmed it. */
export async function setCompliance(
  system: System,
  caller: Caller,
  { reason, ...input }: z.output<typeof setComplianceInput>,
): Promise<Applied | Proposed> {
  requireReason(reason, "Compliance mode, on or off,");
  const current = await currentOf(system, caller.tenantId);
  const next = complianceAfter(current.tenant.compliance, input);
  const declared = changed(current, (document) => document.set("compliance", document.createNode(next)));
  return changePolicy(system, caller, { current, change: changeOf(current, declared), reason });
}

function complianceAfter(before: Compliance, input: Input): Compliance {
  const [target] = targetsOf(input);
  if (target?.list === undefined) {
    if (!input.on && !before.regulated) throw notOn("The tenant as a whole");
    return { ...before, regulated: input.on };
  }
  const { list, name } = target;
  const listed = before[list];
  if (input.on) return { ...before, [list]: [...new Set([...listed, name])] };
  if (!listed.includes(name)) throw notOn(name);
  return { ...before, [list]: listed.filter((one) => one !== name) };
}

function targetsOf({ moduleId, traceId, environment, everything }: Input): { list?: List; name: string }[] {
  return [
    ...(moduleId === undefined ? [] : [{ list: "modules" as const, name: moduleId }]),
    ...(traceId === undefined ? [] : [{ list: "traces" as const, name: traceId }]),
    ...(environment === undefined ? [] : [{ list: "environments" as const, name: environment }]),
    ...(everything === undefined ? [] : [{ name: "everything" }]),
  ];
}

function notOn(name: string) {
  return refuse(
    "Conflict",
    `${name} is not put into compliance mode by itself.`,
    "See why it is in it: connectsoft policy show --env <environment> --module <module>",
  );
}

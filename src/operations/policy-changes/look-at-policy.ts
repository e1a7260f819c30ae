/** What a change of policy would mean, and what holds where. */
import { z } from "zod";
import { describeChange } from "../../domain/policy/describe-change.ts";
import { withPolicyFile } from "../../domain/policy/policy-file.ts";
import { resolvePolicy } from "../../domain/policy/resolve-policy.ts";
import { refuse } from "../../domain/refusal.ts";
import {
  type EffectivePolicy,
  effectivePolicy,
  policyDigest,
} from "../../domain/release/effective-policy.ts";
import { slug, traceSlug } from "../../domain/scope.ts";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Caller, System } from "../system.ts";
import { type Current, currentOf } from "./declared.ts";

const version = z.coerce.number().int().min(1).optional();
/** `text` and `file`: a policy file against what holds; `from`, `to`: versions; neither: what the newest changed. */
export const diffPolicyInput = z.object({
  text: z.string().max(262_144).optional(),
  file: z.string().max(1_024).default("policy.yaml"),
  from: version,
  to: version,
});

export interface PolicyDiff {
  from: string;
  to: string;
  lines: string[];
  lockOuts: string[];
}

export async function diffPolicy(
  system: System,
  caller: Caller,
  { text, file, from, to }: z.output<typeof diffPolicyInput>,
): Promise<PolicyDiff> {
  const current = await currentOf(system, caller.tenantId);
  if (text !== undefined) {
    const declared = withPolicyFile(current, { text, name: file });
    const told = describeChange(current.tenant, declared.tenant);
    return { from: `version ${current.version}`, to: file, ...told };
  }
  const newer = to ?? current.version;
  const older = from ?? Math.max(newer - 1, 1);
  const was = await versionOf(system, current, older);
  const is = await versionOf(system, current, newer);
  return { from: `version ${older}`, to: `version ${newer}`, ...describeChange(was, is) };
}

async function versionOf({ tenants }: System, { tenant }: Current, number: number): Promise<Tenant> {
  const found = (await tenants.versions(tenant.id)).find((one) => one.version === number);
  if (found !== undefined) return parseTenant(found.text, `version ${number}`);
  throw refuse("NotFound", `${tenant.id} has no version ${number}.`, "See them: connectsoft policy history");
}

export const showPolicyInput = z.object({
  environment: slug,
  moduleId: slug.optional(),
  editionId: slug.optional(),
  traceId: traceSlug.optional(),
});

export interface ShownPolicy {
  policy: EffectivePolicy;
  digest: string;
  /** Of each key that was declared, where. */
  sources: Record<string, string>;
  /** Where two places disagree, and what holds. */
  notes: string[];
  /** Why compliance mode is on; null where it is not. */
  compliance: string | null;
}

export async function showPolicy(
  system: System,
  caller: Caller,
  place: z.output<typeof showPolicyInput>,
): Promise<ShownPolicy> {
  const tenant = await system.tenants.get(caller.tenantId);
  const known = tenant.environments.map(({ id }) => id);
  if (!known.includes(place.environment))
    throw refuse(
      "InvalidNamespaceAccess",
      `${place.environment} is no environment of ${tenant.id}.`,
      `It has ${known.join(", ")}.`,
    );
  const { sources, notes, compliance = null } = resolvePolicy(tenant, place);
  const policy = effectivePolicy(tenant, place);
  return { policy, digest: policyDigest(policy), sources, notes, compliance };
}

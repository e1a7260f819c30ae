/** Which parts of a declaration a change touches, and who answers for them (2-contracts §5). */
import { canonicalJson } from "../canonical-json.ts";
import type { Tenant } from "../tenant/tenant.ts";

/** `release`: a Release Manager's or StudioAdmin's word; `tenant`: a StudioAdmin's; `none`: no policy at all. */
export type Governance = "release" | "tenant" | "none";

/** A part that is not listed is the tenant's. */
const governance: Partial<Record<keyof Tenant, Governance>> = {
  releasePolicy: "release",
  securityPolicy: "release",
  evidence: "release",
  commits: "release",
  pullRequests: "release",
  naming: "release",
  freezes: "release",
  gates: "release",
  keep: "none",
  pipelines: "none",
};

export function changedParts(before: Tenant, after: Tenant): (keyof Tenant)[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Tenant)[];
  return parts.filter((part) => text(before[part]) !== text(after[part])).sort();
}

/** The strictest of what the parts ask for. */
export function governanceOf(parts: readonly (keyof Tenant)[]): Governance {
  const all = parts.map((part) => governance[part] ?? "tenant");
  return all.includes("tenant") ? "tenant" : all.includes("release") ? "release" : "none";
}

/**
 * People who may confirm what `proposer` proposed. Where there is no second StudioAdmin, a Release Manager is the
 * second person for what is a StudioAdmin's.
 */
export function confirmersOf({ people }: Tenant, asked: Governance, proposer: string): string[] {
  const others = people.filter(({ id }) => id !== proposer);
  const admins = others.filter(({ roles }) => roles.includes("StudioAdmin"));
  const managers = others.filter(({ roles }) => roles.includes("ReleaseManager"));
  const able = asked === "release" ? [...admins, ...managers] : admins.length > 0 ? admins : managers;
  return [...new Set(able.map(({ id }) => id))];
}

function text(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value);
}

/** Which parts of a declaration a change touches, and who answers for them (2-contracts §5). */
import { canonicalJson } from "../canonical-json.ts";
import type { Tenant } from "../tenant/tenant.ts";

/** `release`: a Release Manager's or StudioAdmin's word; `tenant`: a StudioAdmin's; `none`: no policy at all. */
export type Governance = "release" | "tenant" | "none";

/**
 * A part that is not listed is the tenant's. So are `gates`, `vaults`, `vulnerabilities`, `notifications` and
 * `subscriptions`: they run programs of the server's host, reach addresses and take secrets along, and what they do there is no matter of one release.
 */
const governance: Partial<Record<keyof Tenant, Governance>> = {
  releasePolicy: "release",
  securityPolicy: "release",
  evidence: "release",
  commits: "release",
  pullRequests: "release",
  naming: "release",
  freezes: "release",
  keep: "none",
  pipelines: "none",
  teams: "none",
};

export function changedParts(before: Tenant, after: Tenant): (keyof Tenant)[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Tenant)[];
  return parts.filter((part) => text(before[part]) !== text(after[part])).sort();
}

/** The strictest of what the changed parts ask for. */
export function governanceOf(before: Tenant, after: Tenant): Governance {
  const all = changedParts(before, after).map((part) => {
    const reaches = text(onHost(part, before)) !== text(onHost(part, after));
    return reaches ? "tenant" : (governance[part] ?? "tenant");
  });
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

/** What of a release's part is the host's: commands that run on it, its keys, and whose signatures are trusted here. */
function onHost(part: keyof Tenant, tenant: Tenant): unknown {
  if (part === "releasePolicy") return commandsIn(tenant.releasePolicy);
  if (part !== "commits") return undefined;
  const { sign, trustedSshSigners, trustedOpenPgpKeys } = tenant.commits;
  return [sign ?? null, trustedSshSigners, trustedOpenPgpKeys];
}

/** In the order in which they stand. */
function commandsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "command" && inner !== undefined ? [inner] : commandsIn(inner),
  );
}

function text(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value);
}

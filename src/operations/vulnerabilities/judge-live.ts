/** What is known by now against the packages of a release that was deployed, by the policy of its place today. */
import { sha256 } from "../../domain/canonical-json.ts";
import { artifactPath } from "../../domain/memory/artifact-path.ts";
import { overridesOf } from "../../domain/release/cve-override.ts";
import { effectivePolicy, policyAsked } from "../../domain/release/effective-policy.ts";
import { gatherFindings, type WeighedFinding, weighFindings } from "../../domain/release/weigh-findings.ts";
import type { Subject } from "../../domain/scope.ts";
import { readSbom } from "../../domain/supply-chain/read-sbom.ts";
import type { ScanPolicy } from "../../domain/tenant/gate-policy.ts";
import type { Knowledge } from "../../domain/vulnerability/finding.ts";
import type { LedgerEntry } from "../../ports/release-ledger.ts";
import type { System } from "../system.ts";

export type Judgement =
  | { status: "Passes" }
  /** Nobody can say: there is no bound, no SBOM of these bytes, or no source that answers. */
  | { status: "Unknown"; why: string }
  | {
      status: "Fails";
      findings: WeighedFinding[];
      scan: ScanPolicy;
      known: Extract<Knowledge, { status: "Known" }>;
    };

export async function judgeLive(
  system: System,
  entry: LedgerEntry,
  signal?: AbortSignal,
): Promise<Judgement> {
  const { tenantId, environment, releaseId, version } = entry;
  const subject = await deliveryOf(system, entry);
  const [tenant, record] = await Promise.all([system.tenants.get(tenantId), system.store.load(subject)]);
  const asked = policyAsked({ subject, handOver: record?.handOver ?? undefined }, environment);
  const { scan } = effectivePolicy(tenant, asked);
  if (scan?.maxSeverity === undefined && scan?.maxFindings === undefined)
    return {
      status: "Unknown",
      why: "the policy of its environment bounds no findings (scan.maxSeverity, scan.maxFindings)",
    };
  const purls = await packagesOf(system, subject, entry.artifact);
  if (purls === undefined) return { status: "Unknown", why: "no SBOM of its bytes is there" };
  const known = await system.vulnerabilities.lookUp(tenant.vulnerabilities, purls, signal);
  if (known?.status !== "Known") return { status: "Unknown", why: known?.reason ?? "no source is named" };
  const overrides = overridesOf(await system.store.events(subject, { names: ["CveOverridden"] }), {
    releaseId,
    version,
  });
  const now = system.clock.now().toISOString();
  const found = gatherFindings({ coverage: [], smoke: [], scans: [], overrides, known }, now);
  const { rejecting, warning } = weighFindings(found, scan);
  const findings = [...rejecting, ...warning];
  return findings.length === 0 ? { status: "Passes" } : { status: "Fails", findings, scan, known };
}

/** The one that made the release; a rollback that brought it back is another's. */
export async function deliveryOf(
  { store }: System,
  { tenantId, traceId, moduleId, releaseId }: LedgerEntry,
): Promise<Subject> {
  return (await store.findByRelease(tenantId, releaseId)) ?? { tenantId, traceId, moduleId };
}

/** Of the SBOM that the build of exactly this artifact wrote. */
async function packagesOf(
  { store }: System,
  subject: Subject,
  artifact: string,
): Promise<string[] | undefined> {
  const { tenantId } = subject;
  const path = artifactPath(subject, { kind: "supply-chain", name: "SBOM.json" });
  const [built, sbom] = await Promise.all([
    store.events(subject, { names: ["ArtifactBuilt"] }),
    store.artifact({ tenantId, path }),
  ]);
  const own = built.findLast(({ data }) => data.artifact === artifact);
  const { sbom: digest } = (own?.data.supplyChain ?? {}) as { sbom?: unknown };
  if (sbom === undefined || digest !== sha256(sbom.content)) return undefined;
  return readSbom(sbom.content).flatMap(({ purl, scope }) =>
    purl === undefined || scope === "excluded" ? [] : [purl],
  );
}

/**
 * Where an artifact lives (2-contracts §3). The path is a function of scope, kind and name, so that two
 * tenants, environments or releases can never meet in one file.
 */
import type { Scope } from "../scope.ts";

export type ArtifactKind =
  | "commits"
  | "pulls"
  | "pipelines"
  | "env"
  | "approvals"
  | "releases"
  | "deployments"
  | "supply-chain";

const releaseKinds: ReadonlySet<ArtifactKind> = new Set(["releases", "approvals", "deployments"]);

export interface ArtifactAddress {
  kind: ArtifactKind;
  /** `PipelineSnapshot.yaml`, or a path such as `.github/workflows/ci.yml` of a generated file. */
  name: string;
}

export function artifactPath(scope: Scope, address: ArtifactAddress): string {
  const environment = scope.environment === undefined ? "" : `env-${scope.environment}/`;
  const release =
    scope.environment !== undefined && scope.releaseId !== undefined && releaseKinds.has(address.kind)
      ? `${scope.releaseId}/`
      : "";
  return `memory/${scope.traceId}/tenant-${scope.tenantId}/${environment}${scope.moduleId}/${address.kind}/${release}${address.name}`;
}

/** Histories span traces, so they lie beside memory and not in it. */
export const historyNames = ["ReleaseHistory.json", "DeploymentHistory.json"] as const;
export type HistoryName = (typeof historyNames)[number];

export interface HistoryPlace {
  tenantId: string;
  environment: string;
  moduleId: string;
}

export function historyPath(place: HistoryPlace, name: HistoryName): string {
  return `history/tenant-${place.tenantId}/env-${place.environment}/${place.moduleId}/${name}`;
}

/** The same across modules of an environment, or across all of a tenant: `history/tenant-acme/DeploymentHistory.json`. */
export interface HistoryScope {
  tenantId: string;
  environment?: string;
  name: HistoryName;
}

const wideHistoryForm = /^history\/tenant-([a-z0-9-]+)\/(?:env-([a-z0-9-]+)\/)?([A-Za-z]+\.json)$/;

export function parseWideHistoryPath(path: string): HistoryScope | undefined {
  const [, tenantId, environment, file] = wideHistoryForm.exec(path) ?? [];
  const name = historyNames.find((known) => known === file);
  if (tenantId === undefined || name === undefined) return undefined;
  return { tenantId, name, ...(environment !== undefined && { environment }) };
}

const historyForm = /^history\/tenant-([a-z0-9-]+)\/env-([a-z0-9-]+)\/([a-z0-9-]+)\/([A-Za-z]+\.json)$/;

export function parseHistoryPath(path: string): { place: HistoryPlace; name: HistoryName } | undefined {
  const [, tenantId, environment, moduleId, file] = historyForm.exec(path) ?? [];
  const name = historyNames.find((known) => known === file);
  if (tenantId === undefined || environment === undefined || moduleId === undefined || name === undefined)
    return undefined;
  return { place: { tenantId, environment, moduleId }, name };
}

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

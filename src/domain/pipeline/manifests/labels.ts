/** Kubernetes' recommended labels. Selectors hold only what never changes: a Deployment's selector cannot. */
import type { PipelineModel } from "../pipeline-model.ts";

export function selectorLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
}

/** A version as a label: a build's `+` is none of its characters. */
export function versionLabel(version: string): string {
  return version
    .replaceAll(/[^A-Za-z0-9._-]/g, "_")
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

export function descriptiveLabels({ tenantId, version }: PipelineModel): Record<string, string> {
  return {
    "app.kubernetes.io/version": versionLabel(version),
    "app.kubernetes.io/part-of": tenantId,
    "app.kubernetes.io/managed-by": "connectsoft-delivery",
  };
}

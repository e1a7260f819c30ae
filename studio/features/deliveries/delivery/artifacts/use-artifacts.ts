import { query } from "../../../../app/api/api.ts";
import type { Artifact } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";

const none: Artifact[] = [];

/** What the agents wrote for this delivery: the newest version of each, or all of them. */
export function useArtifacts({ all = false }: { all?: boolean } = {}): Artifact[] {
  const { traceId, moduleId } = useSubject();
  const asked = { traceId, moduleId, ...(all && { all: "true" }) };
  const { data } = query.useQuery("get", "/memory", { params: { query: asked } });
  return data ?? none;
}

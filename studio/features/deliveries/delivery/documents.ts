/** What agents wrote, read as data: the newest of a name, in an environment or of the delivery as a whole. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../../app/api/api.ts";
import { useArtifacts } from "./artifacts/use-artifacts.ts";
import type { Artifact } from "./shapes.ts";

export function useDocument<Shape>(name: string, environment?: string): Shape | undefined {
  const artifact = useArtifact(name, environment);
  const { data } = useQuery({
    queryKey: ["document", artifact?.path, artifact?.version],
    enabled: artifact !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { path = "", version = 1 } = artifact ?? {};
      const { data, error } = await api.GET("/memory/content", {
        params: { query: { path, version } },
        signal,
      });
      if (data === undefined) throw error;
      // JSON is YAML as well.
      const { parse } = await import("yaml");
      return parse(data.content) as unknown;
    },
  });
  return data as Shape | undefined;
}

/** Histories across traces go by the same names, and are not this delivery's. */
export function useArtifact(name: string, environment?: string): Artifact | undefined {
  return useArtifacts().findLast(
    (one) =>
      one.name === name &&
      one.path.startsWith("memory/") &&
      (environment === undefined || one.path.includes(`/env-${environment}/`)),
  );
}

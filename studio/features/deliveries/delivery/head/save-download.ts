/** Saves what leaves with a person as a file of theirs; what the server refuses is thrown. */
import { api } from "../../../../app/api/api.ts";
import { saveAs } from "../../../../ui/code/download-text.tsx";

export async function saveArchive(traceId: string): Promise<void> {
  const { data, error } = await api.GET("/audit/traces/{traceId}", {
    params: { path: { traceId } },
    parseAs: "blob",
  });
  if (data === undefined) throw error;
  saveAs(data, `${traceId}.audit.tar.gz`);
}

export async function saveArtifact(path: string): Promise<void> {
  const { data, error } = await api.GET("/memory/content", { params: { query: { path } } });
  if (data === undefined) throw error;
  const name = path.slice(path.lastIndexOf("/") + 1);
  saveAs(new Blob([data.content], { type: "application/json" }), `${environmentIn(path)}-${name}`);
}

/** `.../env-staging/...` */
export function environmentIn(path: string): string {
  return /\/env-([^/]+)\//.exec(path)?.[1] ?? "";
}

/**
 * The newest versions of artifacts. A long one (an SBOM has hundreds of kilobytes) is not fetched again while it is the
 * newest: a version's content never changes, so that its digest is all the database has to answer with.
 */
import type { Pool } from "pg";
import type { ArtifactContent, EngineStore } from "../../../ports/engine-store.ts";

type Read = EngineStore["newestArtifacts"];

interface Row extends Omit<ArtifactContent, "content"> {
  path: string;
  /** Absent: it is the version that was named as known. */
  content: string | null;
}

/** Characters. */
const longFrom = 16_384;
const mostKept = 32 * 1024 * 1024;

export function createNewestArtifacts(pool: Pool): Read {
  const contents = keepContents();
  return async ({ tenantId, paths }) => {
    const known = paths.map((path) => contents.get(tenantId, path));
    const { rows } = await pool.query<Row>({
      name: "newest-artifacts",
      text: `select asked.path, a.version, a.sha256,
                    case when a.version = asked.version and a.sha256 = asked.sha256 then null else a.content end as content
             from unnest($2::text[], $3::int[], $4::text[]) as asked (path, version, sha256)
             cross join lateral (
               select n.content, n.version, n.sha256 from connectsoft.artifacts n
               where n.tenant_id = $1 and n.path = asked.path
               order by n.version desc limit 1
             ) a`,
      values: [
        tenantId,
        paths,
        known.map((one) => one?.version ?? null),
        known.map((one) => one?.sha256 ?? null),
      ],
    });
    return new Map(
      rows.map(({ path, content, ...row }) => {
        const kept = known[paths.indexOf(path)];
        if (content === null && kept !== undefined) return [path, kept];
        const found = { content: content ?? "", ...row };
        contents.keep(tenantId, path, found);
        return [path, found];
      }),
    );
  };
}

function keepContents() {
  const kept = new Map<string, ArtifactContent>();
  let size = 0;

  function drop(key: string): void {
    size -= kept.get(key)?.content.length ?? 0;
    kept.delete(key);
  }

  return {
    get: (tenantId: string, path: string) => kept.get(`${tenantId} ${path}`),
    keep(tenantId: string, path: string, found: ArtifactContent): void {
      const key = `${tenantId} ${path}`;
      const { length } = found.content;
      drop(key);
      if (length < longFrom || length > mostKept / 4) return;
      kept.set(key, found);
      size += length;
      for (const [oldest] of kept) {
        if (size <= mostKept) break;
        drop(oldest);
      }
    },
  };
}

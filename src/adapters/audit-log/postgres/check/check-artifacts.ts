/** Each artifact has the content that its event names, and each row has its event. */
import { sha256 } from "../../../../domain/canonical-json.ts";
import type { DeliveryEvent } from "../../../../domain/event/event.ts";
import type { AuditFinding } from "../../../../ports/audit-log.ts";
import type { CheckPlace } from "./check-place.ts";

interface ArtifactRow {
  path: string;
  version: number;
  sha256: string;
}

export async function checkArtifacts(
  place: CheckPlace,
  subject: string,
  written: readonly DeliveryEvent[],
): Promise<AuditFinding | undefined> {
  const rows = await rowsOf(place, subject);
  const expected = new Map(written.map(({ data }) => [`${data.path} version ${data.version}`, data.sha256]));
  for (const row of rows) {
    const name = `${row.path} version ${row.version}`;
    const digest = expected.get(name);
    const where = `artifact ${name}`;
    if (digest === undefined) return { where, problem: "is on record without an event that tells of it" };
    expected.delete(name);
    const content = await contentOf(place, row);
    if (digest !== row.sha256 || content === undefined || sha256(content) !== digest)
      return { where, problem: "was changed after it was written: its digest differs" };
    place.tally.artifacts += 1;
  }
  const [lost] = expected.keys();
  return lost === undefined
    ? undefined
    : { where: `artifact ${lost}`, problem: "is gone: an event tells of it" };
}

async function rowsOf({ client, tenantId }: CheckPlace, subject: string): Promise<ArtifactRow[]> {
  const [, traceId, moduleId] = subject.split("/");
  const { rows } = await client.query<ArtifactRow>(
    `select a.path, a.version, a.sha256 from connectsoft.artifacts a
     where a.tenant_id = $1 and a.trace_id = $2 and a.module_id = $3 order by a.path, a.version`,
    [tenantId, traceId, moduleId],
  );
  return rows;
}

async function contentOf({ client, tenantId }: CheckPlace, row: ArtifactRow): Promise<string | undefined> {
  const { rows } = await client.query<{ content: string }>({
    name: "artifact-content",
    text: `select a.content from connectsoft.artifacts a where a.tenant_id = $1 and a.path = $2 and a.version = $3`,
    values: [tenantId, row.path, row.version],
  });
  return rows[0]?.content;
}

/** Whether a file of checkpoints is whole, in order and signed by the tenant. */
import { readFile } from "node:fs/promises";
import { originOf, type SignedCheckpoint, signerOf } from "../../../../domain/audit/checkpoint.ts";
import { readCheckpointFile } from "../../../../domain/audit/checkpoint-file.ts";
import type { AuditFinding } from "../../../../ports/audit-log.ts";
import { placeOf } from "../publish-checkpoints.ts";
import type { CheckPlace } from "./check-place.ts";

export async function checkPublished(place: CheckPlace): Promise<AuditFinding | undefined> {
  const { client, parts, tally, tenantId } = place;
  const { file } = tally;
  const { checkpoints, rest } = readCheckpointFile(place.published);
  tally.checkpoints = checkpoints.length;
  const { rows } = await client.query<{ size: string }>(
    `select p.size from connectsoft.log_publications p where p.tenant_id = $1 and p.place = $2`,
    [tenantId, placeOf(parts)],
  );
  const published = Number(rows[0]?.size ?? 0);
  const size = checkpoints.at(-1)?.size ?? 0;
  if (size < published)
    return {
      where: file,
      problem:
        `ends at the checkpoint of ${size} leaves, and ${published} were published to it: it was cut` +
        (rest === "" ? "" : ", or changed there"),
    };
  return await checkOrder(place, { name: file, checkpoints, rest });
}

/** A copy that somebody kept: it may end earlier, and holds what was published then. */
export async function checkCopy(place: CheckPlace, text: string): Promise<AuditFinding | undefined> {
  const { checkpoints, rest } = readCheckpointFile(text);
  if (checkpoints.length === 0)
    return { where: "your copy of the checkpoints", problem: "holds no checkpoint" };
  return await checkOrder(place, { name: "your copy of the checkpoints", checkpoints, rest });
}

async function checkOrder(
  { parts, tenantId }: CheckPlace,
  { name, checkpoints, rest }: { name: string; checkpoints: SignedCheckpoint[]; rest: string },
): Promise<AuditFinding | undefined> {
  const keys = await parts.signer.keys(tenantId);
  let size = 0;
  for (const checkpoint of checkpoints) {
    const where = `${name}, checkpoint of ${checkpoint.size} leaves`;
    if (checkpoint.origin !== originOf(tenantId))
      return { where, problem: `is of ${checkpoint.origin} and not of ${originOf(tenantId)}` };
    if (checkpoint.size <= size) return { where, problem: `stands after the one of ${size}` };
    if (signerOf(checkpoint, keys) === undefined)
      return { where, problem: "is signed by none of the tenant's keys" };
    size = checkpoint.size;
  }
  // What a crash cut short was never published; whatever else follows was put there.
  const isDraft =
    originOf(tenantId).startsWith(rest.slice(0, 20)) || rest.startsWith(`${originOf(tenantId)}\n`);
  if (rest !== "" && !isDraft)
    return { where: name, problem: `holds something that is no checkpoint after the one of ${size} leaves` };
  return undefined;
}

export async function readPublished(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

/** Whether the leaves of the database make the roots of every checkpoint: its own, the published, the copied. */
import { parseCheckpoint } from "../../../../domain/audit/checkpoint.ts";
import { readCheckpointFile } from "../../../../domain/audit/checkpoint-file.ts";
import { leafHashOf } from "../../../../domain/audit/log-leaf.ts";
import { emptyFrontier, extendFrontier, type Hash, rootOf } from "../../../../domain/audit/merkle-tree.ts";
import type { AuditFinding } from "../../../../ports/audit-log.ts";
import { firstStrangeNode } from "../log-nodes.ts";
import { readLeaves } from "../read-leaves.ts";
import type { CheckPlace } from "./check-place.ts";

interface Expected {
  where: string;
  size: number;
  root: Hash;
}

export async function checkTree(
  { client, published, tenantId, tally }: CheckPlace,
  copies: readonly string[],
): Promise<AuditFinding | undefined> {
  const expected = [
    ...inFile(tally.file, published),
    ...copies.flatMap((copy) => inFile("your copy of the checkpoints", copy)),
    ...(await inDatabase(client, tenantId)),
  ].sort((a, b) => a.size - b.size);
  let frontier = emptyFrontier;
  let next = 0;
  for await (const leaf of readLeaves(client, tenantId, expected.at(-1)?.size ?? 0)) {
    frontier = extendFrontier(frontier, [leafHashOf(leaf)]);
    for (; expected[next]?.size === frontier.size; next++) {
      const { where, root } = expected[next] as Expected;
      if (!rootOf(frontier).equals(root))
        return {
          where,
          problem: "does not fit the leaves that the database holds: they were rewritten after it was made",
        };
    }
  }
  const missing = expected[next];
  if (missing === undefined) return await checkNodes({ client, tenantId }, frontier.size);
  return {
    where: missing.where,
    problem: `cannot fit: the database holds ${frontier.size} leaves in a row, and it was made of ${missing.size}`,
  };
}

async function checkNodes(
  { client, tenantId }: Pick<CheckPlace, "client" | "tenantId">,
  size: number,
): Promise<AuditFinding | undefined> {
  const strange = await firstStrangeNode(client, tenantId, size);
  return (
    strange && {
      where: `log_nodes, level ${strange.level}, position ${strange.position}`,
      problem:
        "is not the root of the leaves below it, and proofs made with it do not hold. It follows from the leaves, which fit: " +
        "without the tenant's rows of connectsoft.log_nodes the next checkpoint makes them again",
    }
  );
}

function inFile(name: string, text: string): Expected[] {
  return readCheckpointFile(text).checkpoints.map(({ size, root }) => ({
    ...{ size, root },
    where: `${name}, checkpoint of ${size} leaves`,
  }));
}

async function inDatabase(client: CheckPlace["client"], tenantId: string): Promise<Expected[]> {
  const { rows } = await client.query<{ size: string; root: string; note: string }>(
    `select c.size, c.root, c.note from connectsoft.log_checkpoints c where c.tenant_id = $1 order by c.size`,
    [tenantId],
  );
  return rows.flatMap(({ size, root, note }) => {
    const where = `the database's checkpoint of ${size} leaves`;
    const signed = parseCheckpoint(note)?.root ?? Buffer.alloc(0);
    return [Buffer.from(root, "hex"), signed].map((root) => ({ where, size: Number(size), root }));
  });
}

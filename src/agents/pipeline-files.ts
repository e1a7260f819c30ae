/** The pipeline files that PipelineSnapshot.yaml lists for a tree, and whether they are those that were signed. */
import { z } from "zod";
import { sha256 } from "../domain/canonical-json.ts";
import type { Vouched } from "../domain/release/supply-chain-evidence.ts";
import type { Vouching } from "../domain/supply-chain/signed-subjects.ts";
import type { AgentContext } from "../ports/agent.ts";
import { documentOf } from "./document.ts";

/** `digests`: of every file by its path, and the tree's; absent where the snapshot is of no such tree. */
export interface PipelineFiles {
  tree: string;
  digests?: Record<string, string>;
}

const snapshotSchema = z.looseObject({
  tree: z.string(),
  files: z.array(z.looseObject({ path: z.string(), digest: z.string() })),
});

export async function readPipelineFiles({ memory }: AgentContext, tree: string): Promise<PipelineFiles> {
  const text = await memory.read("pipelines", "PipelineSnapshot.yaml");
  const snapshot = snapshotSchema.safeParse(text === undefined ? undefined : documentOf(text).value);
  if (!snapshot.success || snapshot.data.tree !== tree) return { tree };
  return { tree, digests: pipelineDigests(snapshot.data.files, tree) };
}

/** What is vouched for of them, with the tree that they were written into: its id is no SHA-256 everywhere, so it is a name. */
export function pipelineDigests(
  files: readonly { path: string; digest: string }[],
  tree: string,
): Record<string, string> {
  return {
    [treeName(tree)]: sha256(tree),
    ...Object.fromEntries(files.map(({ path, digest }) => [path, digest])),
  };
}

/** Every file with exactly the digest that was signed, for exactly this tree. */
export function pipelinesVouched(signed: Vouching, { tree, digests }: PipelineFiles): Vouched {
  if (!signed.good) return signed;
  if (digests === undefined) return { good: false, why: "they were written for another tree" };
  if (signed.digests[treeName(tree)] === undefined)
    return { good: false, why: "what is signed is of another tree" };
  const paths = Object.keys(digests);
  const other = paths.find((path) => signed.digests[path] !== digests[path]);
  if (other !== undefined || paths.length !== Object.keys(signed.digests).length)
    return { good: false, why: `${other ?? "a file"} is not what was signed` };
  return { good: true, by: `${paths.length - 1} files, ${signedBy(signed.keyId)}` };
}

export function signedBy(keyId: string): string {
  return `signed with the tenant's key ${keyId.slice(0, 12)}`;
}

/** The name that a tree has among what is vouched for. */
function treeName(tree: string): string {
  return `tree ${tree}`;
}

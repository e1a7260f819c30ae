/** What the check of a commit's signature says, and which commit needs none. */
import { emptyTree, type SignatureCheck, type SourceControl } from "../ports/source-control.ts";

/** The commit that a repository begins with holds nothing that a signature could stand for. */
export async function isFoundation(
  sourceControl: Pick<SourceControl, "log">,
  repository: string,
  commit: string,
): Promise<boolean> {
  const [found] = await sourceControl.log({ repository, to: commit, limit: 1 });
  return found !== undefined && found.parents.length === 0 && found.tree === emptyTree;
}

/** Follows the commit's name in a sentence. */
export const signatureTroubles: Record<Exclude<SignatureCheck["status"], "good">, string> = {
  unsigned: "carries no signature",
  bad: "carries a signature that does not fit it",
  "unknown-key": "is signed with a key that the tenant does not trust",
};

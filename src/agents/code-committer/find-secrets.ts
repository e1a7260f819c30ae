/** Looks for secrets in what a commit would add or change; what is on the branch already was looked at when it came. */
import { matchesGlob } from "node:path";
import type { SecretFinding, SecretScanner } from "../../ports/secret-scanner.ts";
import type { SourceControl } from "../../ports/source-control.ts";

/** Files read at a time, so that a large tree is never in memory as a whole. */
const batch = 200;
/** A file beyond this is data and not source; the rules look for lines that people write. */
const longest = 2_000_000;

export async function findSecrets(
  ports: { sourceControl: SourceControl; secretScanner: SecretScanner },
  change: { repository: string; before: string | undefined; after: string; ignores: readonly string[] },
): Promise<SecretFinding[]> {
  const { repository, before, after, ignores } = change;
  const deltas = await ports.sourceControl.diff(repository, before, after);
  const paths = deltas
    // A file that git counts no lines of is empty or binary.
    .filter(({ status, insertions }) => status !== "deleted" && insertions > 0)
    .map(({ path }) => path)
    .filter((path) => !ignores.some((glob) => matchesGlob(path, glob)));
  const found: SecretFinding[] = [];
  for (let at = 0; at < paths.length; at += batch) {
    const files = await ports.sourceControl.readFiles(repository, after, paths.slice(at, at + batch));
    const texts = Object.entries(files).filter(([, text]) => text.length <= longest);
    found.push(...(await ports.secretScanner.scan(texts.map(([path, text]) => ({ path, text })))));
  }
  return found;
}

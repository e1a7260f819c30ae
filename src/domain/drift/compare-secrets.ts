/** The versions of secrets that a release was started with, compared with the newest ones: pure, and without any value. */
import type { Difference } from "./compare-with-approved.ts";

interface Reference {
  name: string;
  versionId: string;
}

/** One difference for all of them; what was added since is for the next release and differs from nothing. */
export function compareSecrets(
  { releaseId, version, secrets }: { releaseId: string; version: string; secrets: readonly Reference[] },
  newest: readonly Reference[],
): Difference[] {
  const known = new Map(newest.map(({ name, versionId }) => [name, versionId]));
  const other = secrets.filter(({ name, versionId }) => known.get(name) !== versionId);
  if (other.length === 0) return [];
  const [rotated, gone] = [
    other.filter(({ name }) => known.has(name)),
    other.filter(({ name }) => !known.has(name)),
  ];
  const clauses = [
    ...(rotated.length === 0 ? [] : [`with an older version of ${namesOf(rotated)} than there is now`]),
    ...(gone.length === 0 ? [] : [`with ${namesOf(gone)}, which was taken away`]),
  ];
  return [
    {
      kind: "secret-version",
      releaseId,
      approved: versionsOf(other.map(({ name, versionId }) => [name, versionId])),
      found: versionsOf(other.map(({ name }) => [name, known.get(name) ?? "none"])),
      variables: other.map(({ name }) => name).toSorted(),
      words: `${version} (${releaseId}) runs ${clauses.join(" and ")}. Release it anew: connectsoft redeploy ${version}`,
    },
  ];
}

function namesOf(references: readonly Reference[]): string {
  return references
    .map(({ name }) => name)
    .toSorted()
    .join(", ");
}

function versionsOf(pairs: [string, string][]): string {
  return pairs
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, versionId]) => `${name} ${versionId}`)
    .join(", ");
}

/** What a change does to the parts that a module consists of, for its pull request. */
import { licencesOf, readSbom } from "./read-sbom.ts";

export interface SbomChange {
  added: { name: string; version: string; licences: string[] }[];
  removed: { name: string; version: string }[];
  updated: { name: string; from: string; to: string }[];
  licences: { added: string[]; removed: string[] };
}

/** Only what runs; `before` is absent for a module that had no SBOM yet. */
export function sbomChange(before: string | undefined, after: string): SbomChange {
  const [old, current] = [listed(before), listed(after)];
  const change: SbomChange = { added: [], removed: [], updated: [], licences: licenceChange(before, after) };
  for (const key of [...new Set([...old.keys(), ...current.keys()])].toSorted()) {
    const [gone, come] = [difference(old, current, key), difference(current, old, key)];
    const [from, to] = [gone[0], come[0]];
    if (gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined) {
      change.updated.push({ name: to.name, from: from.version, to: to.version });
      continue;
    }
    change.removed.push(...gone.map(({ name, version }) => ({ name, version })));
    change.added.push(...come.map(({ name, version, licences }) => ({ name, version, licences })));
  }
  return change;
}

type Listing = ReturnType<typeof listed>;

function listed(sbom: string | undefined) {
  const components = sbom === undefined ? [] : readSbom(sbom).filter(({ scope }) => scope !== "excluded");
  return Map.groupBy(components, ({ key }) => key);
}

/** Versions of one package that only the first of two listings has. */
function difference(one: Listing, other: Listing, key: string) {
  const versions = new Set(other.get(key)?.map(({ version }) => version));
  const found = one.get(key)?.filter(({ version }) => !versions.has(version)) ?? [];
  return found.toSorted((a, b) => (a.version < b.version ? -1 : 1));
}

function licenceChange(before: string | undefined, after: string): SbomChange["licences"] {
  const names = (sbom: string | undefined) =>
    sbom === undefined ? [] : licencesOf(sbom).map(({ licence }) => licence);
  const [old, current] = [names(before), names(after)];
  const without = (names: string[], others: string[]) => names.filter((name) => !others.includes(name));
  return { added: without(current, old), removed: without(old, current) };
}

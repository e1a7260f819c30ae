/** What an environment is made of, and the way from what is there to what is wanted. */
import { canonicalJson } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";

/** In the order in which they are made; they are removed in reverse. */
export const resourceKinds = ["namespace", "quota", "storage", "shared", "host", "path", "dns"] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export interface Resource {
  /** Empty: the environment's own. */
  moduleId: string;
  kind: ResourceKind;
  name: string;
  spec: JsonObject;
}

export interface Change {
  action: "create" | "update" | "delete";
  kind: ResourceKind | "edition";
  name: string;
  /** What it is now, and what it will be; of updates. */
  detail?: string;
}

/** What stands where a resource should be; undefined where nothing does. It may say more than was wanted. */
export type Found = JsonObject | undefined;

export interface Seen extends Resource {
  found: Found;
}

/** What differs from what was made: by hand, by another program, by accident. */
export interface Difference {
  kind: ResourceKind;
  name: string;
  moduleId?: string;
  expected: JsonObject;
  found: JsonObject | null;
  words: string;
}

export interface PlannedChange extends Change {
  resource: Resource;
}

/** What stands there unrecorded is made all the same: making looks first. What is recorded and not wanted goes. */
export function diffResources(wanted: readonly Seen[], recorded: readonly Resource[]): PlannedChange[] {
  const known = new Set(recorded.map(keyOf));
  const kept = new Set(wanted.map(keyOf));
  const made = wanted.flatMap((one): PlannedChange[] => {
    const { found, ...resource } = one;
    const base = { kind: one.kind, name: one.name, resource };
    if (found === undefined || !known.has(keyOf(one))) return [{ action: "create", ...base }];
    if (fits(found, one.spec)) return [];
    return [{ action: "update", ...base, detail: differenceWords(one.spec, found) }];
  });
  const gone = recorded
    .filter((one) => !kept.has(keyOf(one)))
    .map((resource): PlannedChange => {
      return { action: "delete", kind: resource.kind, name: resource.name, resource };
    });
  return [...inOrder(made), ...inOrder(gone).reverse()];
}

/** Where reality is not as the record says. */
export function driftOf(seen: readonly Seen[]): Difference[] {
  return seen.flatMap(({ moduleId, kind, name, spec, found }) => {
    if (found !== undefined && fits(found, spec)) return [];
    const words =
      found === undefined
        ? `${kind} ${name} is gone`
        : `${kind} ${name} was changed: ${differenceWords(spec, found)}`;
    const module = moduleId === "" ? {} : { moduleId };
    return [{ kind, name, ...module, expected: spec, found: found ?? null, words }];
  });
}

export function keyOf({ moduleId, kind, name }: Resource): string {
  return `${moduleId}/${kind}/${name}`;
}

function fits(found: JsonObject, wanted: JsonObject): boolean {
  return differing(wanted, found).length === 0;
}

function differing(wanted: JsonObject, found: JsonObject): string[] {
  return Object.keys(wanted).filter((key) => text(wanted[key]) !== text(found[key]));
}

function differenceWords(wanted: JsonObject, found: JsonObject): string {
  return differing(wanted, found)
    .map((key) => `${key} ${plain(found[key])}, expected ${plain(wanted[key])}`)
    .join("; ");
}

function text(value: JsonObject[string]): string {
  return canonicalJson(value ?? null);
}

function plain(value: JsonObject[string]): string {
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.map(String).join(" and ");
  return value === undefined || value === null ? "nothing" : String(value);
}

function inOrder<Item extends { kind: Change["kind"] }>(items: Item[]): Item[] {
  const rank = ({ kind }: Item) => resourceKinds.indexOf(kind as ResourceKind);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

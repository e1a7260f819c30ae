/** The stages, jobs and steps of a pipeline or template, wherever they stand; also those under a condition. */
import type { AzurePath } from "./azure-report.ts";

export type Entries = Record<string, unknown>;

export interface PipelinePart {
  kind: "stage" | "job" | "step";
  value: Entries;
  path: AzurePath;
  /** The part that it stands in; undefined at the top. */
  within: PipelinePart | undefined;
}

const lists = { stages: "stage", jobs: "job", steps: "step" } as const;

export function partsOf(value: object): PipelinePart[] {
  return inside(value as Entries, [], undefined);
}

function inside(value: Entries, path: AzurePath, within: PipelinePart | undefined): PipelinePart[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const kind = key in lists ? lists[key as keyof typeof lists] : undefined;
    if (kind !== undefined) return listed(inner, kind, { path: [...path, key], within });
    // Steps of a deployment stand under its strategy.
    return key === "strategy" || isUnderStrategy(path) ? nested(inner, [...path, key], within) : [];
  });
}

function nested(value: unknown, path: AzurePath, within: PipelinePart | undefined): PipelinePart[] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? inside(value as Entries, path, within)
    : [];
}

function listed(
  items: unknown,
  kind: PipelinePart["kind"],
  at: { path: AzurePath; within: PipelinePart | undefined },
): PipelinePart[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item, index) => {
    const path = [...at.path, index];
    if (typeof item !== "object" || item === null) return [];
    const entries = item as Entries;
    const conditions = Object.keys(entries).filter((key) => key.startsWith("$".concat("{{")));
    if (conditions.length > 0)
      return conditions.flatMap((key) =>
        listed(entries[key], kind, { path: [...path, key], within: at.within }),
      );
    const part: PipelinePart = { kind, value: entries, path, within: at.within };
    return [part, ...inside(entries, path, part)];
  });
}

function isUnderStrategy(path: AzurePath): boolean {
  return path.includes("strategy");
}

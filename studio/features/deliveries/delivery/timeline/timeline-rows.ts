/** What the timeline shows of the chain: phases with their events, or the events in their order, narrowed by words. */
import type { Entry } from "../shapes.ts";
import type { TimelineSearch } from "./timeline-search.ts";

export type TimelineRow =
  | { kind: "phase"; phase: Entry["phase"]; count: number; from: string; to: string }
  | { kind: "entry"; entry: Entry };

export function rowsOf(entries: readonly Entry[], { find, order, detail }: TimelineSearch): TimelineRow[] {
  const words = (find ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const shown = entries.filter(
    (entry) => (detail === true || words.length > 0 || !entry.detail) && has(entry, words),
  );
  if (order === "time") return shown.map((entry) => ({ kind: "entry", entry }));
  const phases = new Map<Entry["phase"], Entry[]>();
  for (const entry of shown) {
    const members = phases.get(entry.phase);
    if (members === undefined) phases.set(entry.phase, [entry]);
    else members.push(entry);
  }
  return [...phases].flatMap(([phase, members]): TimelineRow[] => [
    {
      kind: "phase",
      phase,
      count: members.length,
      from: members[0]?.at ?? "",
      to: members.at(-1)?.at ?? "",
    },
    ...members.map((entry) => ({ kind: "entry" as const, entry })),
  ]);
}

function has(entry: Entry, words: string[]): boolean {
  if (words.length === 0) return true;
  const { what, why = "", who, name, environment = "", releaseId = "", artifact } = entry;
  const text = [what, why, who.name, name, environment, releaseId, artifact?.path ?? ""]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

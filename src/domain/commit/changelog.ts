/** CHANGELOG.md in the form of Keep a Changelog: a section is added, what people wrote stays byte for byte. */
import { parser } from "keep-a-changelog";
import semver from "semver";
import type { Change } from "./change.ts";
import type { VersionDecision } from "./decide-version.ts";

export interface Section {
  decision: VersionDecision;
  changes: readonly Change[];
  /** `2025-05-23`. */
  date: string;
  moduleId: string;
  traceId: string;
  reverts?: string;
}

export type ChangelogResult =
  | { status: "written"; text: string }
  /** Left as it is, and why. */
  | { status: "kept"; reason: string };

const opening = `# Changelog

All notable changes are listed here, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/);
versions follow [Semantic Versioning](https://semver.org/).
`;

/** Adds the section of a version above the older ones; `text` undefined: the file is not there yet. */
export function addSection(text: string | undefined, section: Section): ChangelogResult {
  const { version } = section.decision;
  if (text === undefined) return { status: "written", text: `${opening}\n${render(section)}` };
  const known = versionsOf(text);
  if (typeof known === "string")
    return { status: "kept", reason: `it is not in the form of Keep a Changelog: ${known}` };
  if (known.includes(version)) return { status: "kept", reason: `it has a section ${version} already` };
  const added = insert(text, render(section), version);
  const check = versionsOf(added);
  if (typeof check === "string") return { status: "kept", reason: `a section would break it: ${check}` };
  return { status: "written", text: added };
}

/** What was handed over, with the sections that only the branch has. Undefined where one of them cannot be read. */
export function joinChangelogs(branch: string, handedOver: string): string | undefined {
  const here = versionsOf(branch);
  const there = versionsOf(handedOver);
  if (typeof here === "string" || typeof there === "string") return undefined;
  let joined = handedOver;
  for (const version of here.filter((one) => !there.includes(one)))
    joined = insert(joined, sectionOf(branch, version), version);
  return joined;
}

const bracketed = (version: string) => version.replace(/^\[|\]$/g, "");

/** The versions with a section, or why it cannot be read. */
function versionsOf(text: string): string[] | string {
  try {
    return parser(text.replaceAll("\r\n", "\n")).releases.flatMap(({ version }) => version ?? []);
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n", 1)[0]?.slice(0, 200) ?? "") : "";
  }
}

const heading = /^## +(\[?v?\d+\.\d+\.\d+[^\s\]]*\]?)/;

function versionAt(line: string): string | undefined {
  const [, name] = heading.exec(line) ?? [];
  return name === undefined ? undefined : bracketed(name).replace(/^v/, "");
}

/** Before the first section that is older; else at the end, before the definitions of links. */
function insert(text: string, section: string, version: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const older = lines.findIndex((line) => {
    const at = versionAt(line);
    return at !== undefined && semver.valid(at) !== null && semver.lt(at, version);
  });
  const links = lines.findIndex((line) => /^\[[^\]]+\]:\s/.test(line));
  const place = older >= 0 ? older : links >= 0 ? links : lines.length;
  const before = lines.slice(0, place);
  while (before.at(-1)?.trim() === "") before.pop();
  const after = lines.slice(place);
  return [...before, "", ...section.trimEnd().split("\n"), "", ...after].join(end).trimEnd().concat(end);
}

function sectionOf(text: string, version: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const start = lines.findIndex((line) => versionAt(line) === version);
  const rest = lines.slice(start + 1);
  const length = rest.findIndex((line) => /^## |^\[[^\]]+\]:\s/.test(line));
  return [lines[start] ?? "", ...(length < 0 ? rest : rest.slice(0, length))].join("\n");
}

function render({ decision, changes, date, moduleId, traceId, reverts }: Section): string {
  const items: Record<"Added" | "Changed" | "Fixed", string[]> = { Added: [], Changed: [], Fixed: [] };
  if (reverts !== undefined) items.Changed.push(`Take back ${reverts} (${traceId})`);
  else if (decision.previous === null) items.Added.push(`${moduleId} (${traceId})`);
  else if (decision.bump === "fix") items.Fixed.push(`Update ${moduleId} (${traceId})`);
  else items.Changed.push(`Update ${moduleId} (${traceId})`);
  for (const { bump, text } of decision.previous === null ? [] : changes) {
    if (bump === "breaking") items.Changed.push(`**Breaking:** ${text}`);
    if (bump === "feature") items.Added.push(text);
  }
  const parts = Object.entries(items).flatMap(([name, texts]) =>
    texts.length === 0 ? [] : [`### ${name}`, ...texts.map((text) => `- ${text}`), ""],
  );
  return [`## [${decision.version}] - ${date}`, "", ...parts].join("\n");
}

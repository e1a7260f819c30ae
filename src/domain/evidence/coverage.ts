/** Coverage of lines, and of branches where they are counted, as Cobertura, LCOV and JaCoCo report it. */
import { attribute, childrenOf, count, readXml, type XmlElement } from "./read-xml.ts";
import { UnreadableReport } from "./unreadable-report.ts";

export type CoverageFormat = "cobertura" | "lcov" | "jacoco";

export interface Coverage {
  format: CoverageFormat;
  lines: { covered: number; total: number };
  /** 0 to 100 with one decimal, rounded down: 79.96 is not 80. */
  percent: number;
  /** Where the report counts any. */
  branches?: { covered: number; total: number; percent: number };
}

export function readCoverage(format: CoverageFormat, text: string): Coverage {
  const lines = readers[format](text);
  if (lines.total === 0) throw new UnreadableReport("it names no lines of code");
  if (lines.covered > lines.total)
    throw new UnreadableReport(`it says that ${lines.covered} of ${lines.total} lines are covered`);
  const branches = branchReaders[format](text);
  return {
    format,
    lines,
    percent: percentOf(lines),
    ...(branches.total > 0 &&
      branches.covered <= branches.total && { branches: { ...branches, percent: percentOf(branches) } }),
  };
}

/** As it stands in an event. */
export function coverageData({ lines, branches, ...coverage }: Coverage) {
  return { ...coverage, lines: { ...lines }, ...(branches !== undefined && { branches: { ...branches } }) };
}

function percentOf({ covered, total }: Lines): number {
  return Math.floor((covered * 1000) / total) / 10;
}

type Lines = Coverage["lines"];

const readers: Record<CoverageFormat, (text: string) => Lines> = { cobertura, lcov, jacoco };

const branchReaders: Record<CoverageFormat, (text: string) => Lines> = {
  cobertura(text) {
    const root = readXml(text, "coverage");
    return { covered: count(root, "branches-covered") ?? 0, total: count(root, "branches-valid") ?? 0 };
  },
  lcov: lcovBranches,
  jacoco: (text) => jacocoCounter(readXml(text, "report"), "BRANCH") ?? { covered: 0, total: 0 },
};

/** The lines themselves where they are listed: tools disagree on what the totals count. */
function cobertura(text: string): Lines {
  const root = readXml(text, "coverage");
  const listed = { covered: 0, total: 0 };
  for (const packages of childrenOf(root, "packages"))
    for (const each of childrenOf(packages, "package"))
      for (const classes of childrenOf(each, "classes"))
        for (const one of childrenOf(classes, "class")) addLines(one, listed);
  if (listed.total > 0) return listed;
  return { covered: count(root, "lines-covered") ?? 0, total: count(root, "lines-valid") ?? 0 };
}

function addLines(one: XmlElement, sum: Lines): void {
  for (const lines of childrenOf(one, "lines"))
    for (const line of childrenOf(lines, "line")) {
      sum.total += 1;
      if ((count(line, "hits") ?? 0) > 0) sum.covered += 1;
    }
}

/** A file may be reported by several test runs: a line that one of them reached is covered. */
function lcov(text: string): Lines {
  const files = new Map<string, Map<number, boolean>>();
  let lines: Map<number, boolean> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("SF:")) {
      const file = line.slice(3);
      lines = files.get(file) ?? new Map();
      files.set(file, lines);
    }
    const [, number, hits] = /^DA:(\d{1,9}),(\d+)/.exec(line) ?? [];
    if (number !== undefined && lines !== undefined)
      lines.set(Number(number), lines.get(Number(number)) === true || Number(hits) > 0);
  }
  if (files.size === 0) throw new UnreadableReport("it has no SF: record, so it is not LCOV");
  const all = [...files.values()].flatMap((each) => [...each.values()]);
  return { covered: all.filter(Boolean).length, total: all.length };
}

/** As of lines: a branch that one of several test runs took is covered. */
function lcovBranches(text: string): Lines {
  const branches = new Map<string, boolean>();
  let file = "";
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("SF:")) file = line.slice(3);
    const [, branch, taken] = /^BRDA:(\d+,[^,]*,[^,]*),(-|\d+)/.exec(line) ?? [];
    if (branch === undefined) continue;
    const key = `${file},${branch}`;
    branches.set(key, branches.get(key) === true || Number(taken) > 0);
  }
  return { covered: [...branches.values()].filter(Boolean).length, total: branches.size };
}

function jacoco(text: string): Lines {
  const lines = jacocoCounter(readXml(text, "report"), "LINE");
  if (lines === undefined) throw new UnreadableReport("it has no counter of lines");
  return lines;
}

function jacocoCounter(root: XmlElement, type: string): Lines | undefined {
  const counter = childrenOf(root, "counter").find((each) => attribute(each, "type") === type);
  if (counter === undefined) return undefined;
  const covered = count(counter, "covered") ?? 0;
  return { covered, total: covered + (count(counter, "missed") ?? 0) };
}

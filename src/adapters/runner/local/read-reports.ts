/** Finds and reads what a test run left in the tree: JUnit results and coverage. Nothing in it can end the run. */
import { glob, lstat, readFile, realpath, rm } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { sha256 } from "../../../domain/canonical-json.ts";
import { type Coverage, readCoverage } from "../../../domain/evidence/coverage.ts";
import { decodeText, largestReportBytes } from "../../../domain/evidence/decode-text.ts";
import { addResults, readJunit, type TestResults } from "../../../domain/evidence/junit.ts";
import { UnreadableReport } from "../../../domain/evidence/unreadable-report.ts";
import type { Reports } from "../../../domain/module/module-spec.ts";
import type { ReadReport } from "../../../ports/pipeline-runner.ts";

export interface FoundReports {
  reports: ReadReport[];
  results?: TestResults;
  coverage?: Coverage;
  notes: string[];
}

/** Far more than a module has; each file is of a size that is bounded too. */
const mostFiles = 1_000;
const mostBytes = 128 * 1024 * 1024;

/** Before the tests: a report that the module brought with it says nothing of this run. */
export async function removeOldReports(source: string, reports: Reports): Promise<void> {
  const patterns = [
    ...(reports.junit ?? []),
    ...(reports.coverage === undefined ? [] : [reports.coverage.path]),
  ];
  for (const path of await filesOf(source, patterns)) await rm(join(source, path), { force: true });
}

export async function readReports(source: string, wanted: Reports): Promise<FoundReports> {
  const found: FoundReports = { reports: [], notes: [] };
  const results: TestResults[] = [];
  let left = mostBytes;
  const paths = await filesOf(source, wanted.junit ?? []);
  if (paths.length === mostFiles) found.notes.push(`only ${mostFiles} JUnit files were looked for`);
  for (const path of paths) {
    if (left <= 0) {
      found.notes.push(`${path} and what follows was not read: ${mostBytes} bytes of JUnit files are enough`);
      break;
    }
    await read(path, "junit", (text, bytes) => {
      left -= bytes;
      results.push(readJunit(text));
    });
  }
  if (results.length > 0) found.results = addResults(results);
  const { coverage } = wanted;
  if (coverage !== undefined)
    for (const path of (await filesOf(source, [coverage.path])).slice(0, 1))
      await read(path, coverage.format, (text) => {
        found.coverage = readCoverage(coverage.format, text);
      });
  return found;

  async function read(
    path: string,
    kind: ReadReport["kind"],
    take: (text: string, bytes: number) => void,
  ): Promise<void> {
    try {
      const bytes = await bytesOf(source, path);
      take(decodeText(bytes), bytes.length);
      found.reports.push({ path, kind, digest: sha256(bytes), bytes: bytes.length });
    } catch (error) {
      if (!(error instanceof UnreadableReport)) throw error;
      found.notes.push(`${path} cannot be read: ${error.message}`);
    }
  }
}

/** Not through a link: the module must not have the worker read what lies outside. */
async function bytesOf(source: string, path: string): Promise<Uint8Array> {
  const at = join(source, path);
  const home = await realpath(source);
  const there = await realpath(at);
  if (there !== join(home, normalize(path))) throw new UnreadableReport("it is a link, or lies behind one");
  const { size } = await lstat(there);
  if (size > largestReportBytes)
    throw new UnreadableReport(`it has ${size} bytes; at most ${largestReportBytes} are read`);
  return readFile(there);
}

async function filesOf(source: string, patterns: readonly string[]): Promise<string[]> {
  const paths = new Set<string>();
  const inside = patterns.filter((pattern) => !isAbsolute(pattern) && !pattern.split(/[\\/]/).includes(".."));
  for (const pattern of inside)
    for await (const path of glob(pattern, { cwd: source, exclude: isForeign })) {
      if (paths.size === mostFiles) break;
      const found = await lstat(join(source, path)).catch(() => undefined);
      if (found?.isFile() || found?.isSymbolicLink()) paths.add(path.split(sep).join("/"));
    }
  return [...paths].sort();
}

/** Other people's packages bring reports of their own. */
function isForeign(path: string): boolean {
  return /(^|[\\/])(node_modules|\.git|\.venv|site-packages)$/.test(path);
}

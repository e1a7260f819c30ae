/** What the step that failed wrote down of itself: the output of the steps that did not end well. */
import { useArtifact, useDocument } from "../documents.ts";

interface Report {
  steps?: { name: string; exitCode?: number | null; output?: string }[];
}

const reports: Record<string, string> = {
  RunTests: "TestReport.json",
  RunScan: "ScanReport.json",
};

export function useReport(
  skill: string | undefined,
): { name: string; path: string; output: string } | undefined {
  const name = (skill === undefined ? undefined : reports[skill]) ?? "";
  const artifact = useArtifact(name);
  const report = useDocument<Report>(name);
  if (artifact === undefined || report === undefined) return undefined;
  const failed = report.steps?.filter(({ exitCode }) => exitCode !== 0) ?? [];
  const output = failed.map((step) => step.output ?? "").join("\n");
  return { name, path: artifact.path, output };
}

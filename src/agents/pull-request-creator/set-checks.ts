/** Puts the recorded build and test on the pull request, bound to its head. */
import type { RecordedEvent } from "../../ports/agent.ts";
import type { Forge, PullRequest } from "../../ports/forge.ts";
import type { Head } from "./delivered-change.ts";
import type { Evidence } from "./find-evidence.ts";
import { checkName } from "./shared-pull-request.ts";

export async function setChecks(
  forge: Forge,
  pull: PullRequest,
  { head, evidence, moduleId }: { head: Head; evidence: Evidence; moduleId: string },
): Promise<void> {
  const { repository, number, sourceBranch } = pull;
  const named = (kind: "build" | "test") => checkName(kind, sourceBranch, moduleId);
  const { built, tested } = evidence;
  const { commit } = head;
  const build = `artifact ${built.data.artifact}`;
  await forge.check(repository, number, named("build"), { commit, conclusion: "success", summary: build });
  const conclusion = tested.name === "TestsPassed" ? "success" : "failure";
  await forge.check(repository, number, named("test"), { commit, conclusion, summary: testSummary(tested) });
}

function testSummary({ name, data }: RecordedEvent): string {
  if (name === "TestsFailed") return `tests failed, report ${data.reportDigest}`;
  return data.applicable === false ? "no tests to run" : `tests passed, report ${data.reportDigest}`;
}

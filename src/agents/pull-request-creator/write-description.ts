/** Brings the text of a pull request up to what is known now; writes nothing where it says so already. */
import type { AgentContext } from "../../ports/agent.ts";
import type { PullRequest } from "../../ports/forge.ts";
import { type Described, describeChange } from "./describe-change.ts";
import type { Evidence } from "./find-evidence.ts";
import type { PullRequestCreatorPorts } from "./ports.ts";
import { isShared, modulesIn, writeText } from "./shared-pull-request.ts";

export async function writeDescription(
  ports: PullRequestCreatorPorts,
  context: AgentContext,
  { pull, subject, evidence }: { pull: PullRequest; subject: string; evidence?: Evidence },
): Promise<{ pull: PullRequest; described: Described }> {
  const { repository, number, sourceBranch } = pull;
  const { files } = await ports.forge.diff(repository, number);
  const { folder } = context.handOver;
  const own = isShared(sourceBranch) ? files.filter(({ path }) => path.startsWith(`${folder}/`)) : files;
  const modules = await modulesIn(ports.sourceControl, context, sourceBranch);
  const described = await describeChange(ports, context, { subject, files: own, modules, evidence });
  return { pull: await writeText(ports.forge, context, { pull, text: described }), described };
}

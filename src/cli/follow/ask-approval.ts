/** Asks the person at the terminal for the decision that a release waits for. */
import { RefusalError } from "../../domain/refusal.ts";
import type { Decision } from "../../operations/decide-release.ts";
import type { DeliveryStatus } from "../../operations/get-delivery.ts";
import type { PendingRelease } from "../../operations/list-pending.ts";
import { type Cli, exitCodes } from "../cli.ts";
import type { Client } from "../client.ts";
import { describePending, describeRelease } from "../describe-pending.ts";
import { reportError } from "../report-error.ts";

/** Resolves with the exit code that ends following, or undefined when a vote was given and it goes on. */
export async function askApproval(
  cli: Cli,
  client: Client,
  status: DeliveryStatus,
): Promise<number | undefined> {
  const pending = await client.get<PendingRelease[]>("/releases/pending");
  const { traceId, moduleId } = status.subject;
  const mine = pending.filter(({ subject }) => subject.traceId === traceId && subject.moduleId === moduleId);
  for (const one of mine) {
    const decides = one.mayApprove && !one.voted;
    const asks = cli.interactive && decides;
    // Where nobody is asked here, the delivery's status follows, and says who decides, or how.
    const shown = asks ? describePending(cli, one) : decides ? describeRelease(cli, one) : [];
    for (const line of shown.length === 0 ? [] : ["", ...shown]) cli.out(line);
    if (!asks) return exitCodes.waiting;
    const code = await ask(cli, client, one);
    if (code !== undefined) return code;
  }
  return undefined;
}

async function ask(cli: Cli, client: Client, pending: PendingRelease): Promise<number | undefined> {
  const { select, input } = await import("@inquirer/prompts");
  const { releaseId, environment, policy, digests } = pending;
  const answer = await select({
    message: `${releaseId}: release to ${environment}?`,
    choices: [
      { name: "approve", value: "approve" as const },
      { name: "reject", value: "reject" as const },
      { name: "later (it goes on waiting)", value: "later" as const },
    ],
  });
  if (answer === "later") return exitCodes.waiting;
  const comment = await input({
    message: "Comment:",
    required: answer === "reject" || policy.requireJustification,
  });
  try {
    const decision = await client.send<Decision>("POST", `/releases/${releaseId}/${answer}`, {
      comment,
      // What the person was shown is what they decide on.
      digests,
    });
    cli.out(decision.note);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    reportError(cli, error);
    return exitCodes.waiting;
  }
}

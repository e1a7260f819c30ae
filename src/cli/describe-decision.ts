/** All that a decision is about, before a person is asked for it. */
import type { ReleaseDecision } from "../operations/decisions/describe-decision.ts";
import type { Cli } from "./cli.ts";
import { describeDeploymentDiff } from "./describe-deployment-diff.ts";
import { describePending } from "./describe-pending.ts";
import { plainLine } from "./plain-text.ts";
import { table } from "./table.ts";

export function describeDecision(cli: Cli, decision: ReleaseDecision): string[] {
  const { bold, dim } = cli.colors;
  const { gates, diff, rollout, afterwards } = decision;
  const pending = describePending(cli, decision).slice(0, -2);
  return [
    ...pending,
    "",
    bold("gates"),
    ...(gates.length === 0
      ? ["  not evaluated yet"]
      : table(
          gates.map((gate) => gateLine(cli, gate)),
          "  ",
        )),
    "",
    bold("what would change"),
    ...(diff === null
      ? ["  cannot be told now"]
      : describeDeploymentDiff(cli, diff).map((line) => `  ${line}`)),
    ...(rollout === null
      ? []
      : [
          "",
          bold(`rollout, ${rollout.strategy}`),
          ...rollout.steps.map((step, at) => `  ${at + 1}. ${plainLine(step)}`),
        ]),
    "",
    `${dim("when it is approved:")} ${afterwards}`,
    "",
  ];
}

function gateLine(
  { colors: { green, red, yellow, dim } }: Cli,
  { gate, status, evidence, refusal }: ReleaseDecision["gates"][number],
): string[] {
  const marks: Record<string, string> = { Passed: green("✓"), Held: yellow("…"), Failed: red("✗") };
  const words = refusal === undefined ? (evidence ?? "") : `${refusal.code}: ${refusal.message}`;
  return [marks[status] ?? dim("-"), gate, plainLine(words)];
}

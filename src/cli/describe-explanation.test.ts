import { describe, expect, test } from "vitest";
import type { Explanation, Situation } from "../domain/delivery/situation.ts";
import type { Cli } from "./cli.ts";
import { describeExplanation } from "./describe-explanation.ts";

const plain = (text: string) => text;
const cli = { colors: { bold: plain, dim: plain, yellow: plain } } as unknown as Cli;

const approve = 'studio approve-release release-000002 --comment "..."';
const closed = { why: "jane handed this change over and cannot approve it.", next: "Ask one of: max." };
const situation: Situation = {
  instance: "production",
  state: "awaiting_approval",
  kind: "waiting",
  on: "ReleaseManager",
  since: "2025-05-23T12:00:00.000Z",
  sentence: "It waits for an approval by ReleaseManager.",
  ways: [{ event: "ApprovalGranted", command: approve }],
};
const explanation: Explanation = {
  sentence: situation.sentence,
  kind: "waiting",
  command: approve,
  situations: [situation],
};

describe("why a delivery waits, printed", () => {
  test("gives the command to who may run it", () => {
    expect(describeExplanation(cli, explanation)).toEqual([situation.sentence, `next: ${approve}`]);
  });

  test("gives the others no command of it, but who can and what is theirs", () => {
    const { command: _, ...rest } = explanation;
    const ways = [
      { event: "ApprovalGranted" as const, command: approve, closed },
      { event: "RetryDelayed" as const, command: "studio delay-release release-000002 --for 30m" },
    ];
    const told = { ...rest, closed, meanwhile: ["a", "b"], situations: [{ ...situation, ways }] };
    expect(describeExplanation(cli, told)).toEqual([
      situation.sentence,
      "not you: jane handed this change over and cannot approve it. Ask one of: max.",
      "meanwhile: a · b",
      "",
      "also possible:",
      "  studio delay-release release-000002 --for 30m",
    ]);
  });
});

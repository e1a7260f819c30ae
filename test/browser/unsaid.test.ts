/** What Studio's troubleshooting adds to the head of the page, and what it leaves to it. */
import { describe, expect, test } from "vitest";
import { unsaid } from "../../studio/features/deliveries/delivery/failure/unsaid.ts";

const reasons = [{ code: "TestsNotPassed", message: "1 of 2 failed." }];
const retry = "connectsoft retry trace-1";
const told = { what: "shop failed.", next: ["Correct the module.", retry], failure: { reasons } };
const stopped = {
  kind: "stopped",
  sentence: "devops-engineer failed RunTests 4 s ago (TestsNotPassed): 1 of 2 failed.",
  advice: "Correct the module.",
  ways: [{ command: retry }],
};

describe("troubleshooting", () => {
  test("says nothing again that the head of the page says of it", () => {
    expect(unsaid(told, { situations: [stopped] })).toEqual({ reasons: [], next: [] });
  });

  test("says what failed, why and what to do where the head is about something else", () => {
    const live = { kind: "live", sentence: "shop is live.", ways: [] };
    expect(unsaid(told, { situations: [live] })).toEqual({ what: told.what, reasons, next: told.next });
  });

  test("says reasons beside the one that the head gives", () => {
    const more = { code: "CoverageTooLow", message: "40 %." };
    const failure = { reasons: [...reasons, more] };
    expect(unsaid({ ...told, failure }, { situations: [stopped] }).reasons).toEqual([more]);
  });
});

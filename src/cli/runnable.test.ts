import { expect, it } from "vitest";
import { runnable } from "./runnable.ts";

const byNpm = { npm_config_user_agent: "npm/11.0.0 node/v24.0.0" };

it("prints commands as npx takes them where npm started the program", () => {
  expect(runnable("next: studio approve-release release-000001", byNpm)).toBe(
    "next: npx studio approve-release release-000001",
  );
  expect(runnable("more: connectsoft timeline t · connectsoft memory ls t", byNpm)).toBe(
    "more: npx connectsoft timeline t · npx connectsoft memory ls t",
  );
});

it("leaves other words, paths, JSON and what has npx already as they are", () => {
  for (const line of [
    "the studio is open, and connectsoft-delivery status is a name",
    "/opt/connectsoft deliver",
    '{"next":"connectsoft status"}',
    "npx connectsoft status",
  ])
    expect(runnable(line, byNpm)).toBe(line);
});

it("prints them bare where the program was started by its own name", () => {
  expect(runnable("next: connectsoft status", {})).toBe("next: connectsoft status");
});

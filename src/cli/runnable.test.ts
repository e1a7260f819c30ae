import { expect, it } from "vitest";
import type { Cli } from "./cli.ts";
import { createProgram } from "./program.ts";
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

it.each(["connectsoft", "studio"] as const)("knows every command of %s", (name) => {
  const { commands } = createProgram(name, { local: { version: "0" } } as Cli, () => undefined);
  const unknown = commands
    .flatMap((one) => [one.name(), ...one.aliases()])
    .filter((one) => runnable(`${name} ${one}`, byNpm) !== `npx ${name} ${one}`);
  expect(commands.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});

/** docs/reference/cli.md is held to the two programs: every command with its arguments and flags, and nothing else. */
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { Cli } from "../../src/cli/cli.ts";
import { createProgram } from "../../src/cli/program.ts";
import { codeIn, readPage, rowsOf } from "./read-page.ts";

const page = readPage("reference/cli.md");
/** Said once for all commands. */
const common = ["--json", "--data", "--help"];

const commands = [...usagesOf("connectsoft"), ...usagesOf("studio")];
const listed = new Map(
  rowsOf(page)
    .filter((cells) => cells.length === 3)
    .flatMap(([names = "", flags = ""]) => codeIn(names).map((name) => [name, codeIn(flags)] as const)),
);

describe("the page of the command lines", () => {
  test("lists every command, and none that is not there", () => {
    expect(commands.length).toBeGreaterThan(40);
    expect([...listed.keys()].sort()).toEqual(commands.map(({ usage }) => usage).sort());
  });

  test.each(commands)("has the flags of $usage", ({ usage, flags }) => {
    expect(listed.get(usage)?.toSorted()).toEqual(flags.toSorted());
  });

  test("says what the flags of every command mean", () => {
    for (const flag of common.slice(0, 2)) expect(page).toContain(`\`${flag}`);
  });
});

function usagesOf(name: "connectsoft" | "studio"): { usage: string; flags: string[] }[] {
  const cli = { local: { version: "1.0.0" }, colors: { red: String } } as unknown as Cli;
  const program = createProgram(name, cli, () => {});
  return program.commands.flatMap((command) => leaves(command, name === "studio" ? ["studio"] : []));
}

/** A command with commands below it is one itself where it takes something. */
function leaves(command: Command, above: string[]): { usage: string; flags: string[] }[] {
  const path = [...above, command.name()];
  const below = command.commands.flatMap((one) => leaves(one, path));
  if (below.length > 0 && command.registeredArguments.length === 0) return below;
  const taken = command.registeredArguments.map((one) =>
    one.required ? `<${one.name()}>` : `[${one.name()}]`,
  );
  const flags = command.options.map(({ long }) => long ?? "").filter((flag) => !common.includes(flag));
  return [{ usage: [...path, ...taken].join(" "), flags }, ...below];
}

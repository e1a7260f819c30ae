/** How-to pages and README are held to the programs: every command and flag is there, and every example is read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Cli } from "../../src/cli/cli.ts";
import { createProgram } from "../../src/cli/program.ts";
import { moduleFileSchema, readModuleFile } from "../../src/domain/module/module-file.ts";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { yamlExamples } from "./read-page.ts";

const quiet = { local: { version: "1.0.0" }, colors: { red: String } } as unknown as Cli;
const root = new URL("../../", import.meta.url);
const pages = [
  "README.md",
  ...readdirSync(new URL("docs/how-to", root)).map((name) => `docs/how-to/${name}`),
  ...readdirSync(new URL("docs/reference", root)).map((name) => `docs/reference/${name}`),
  ...readdirSync(new URL("docs/explanation", root)).map((name) => `docs/explanation/${name}`),
];

test.each(pages)("every command of %s is one of the programs, with these flags", (page) => {
  expect(commandsIn(textOf(page)).flatMap(problemsOf)).toEqual([]);
});

const howTos = pages.filter((page) => page.startsWith("docs/how-to/"));

test.each(howTos)("every command line of %s works as it is printed, in a clone", (page) => {
  const blocks = [...textOf(page).matchAll(/```sh\n([\s\S]*?)```|^(?: {4}.*\n)+/gm)].map(([block]) => block);
  const lines = blocks.flatMap((block) => block.split("\n"));
  expect(lines.filter((line) => /(^|\| )\s*(connectsoft|studio) [a-z]/.test(line))).toEqual([]);
});

test.each(pages)("every example of %s is read by the program", (page) => {
  for (const example of yamlExamples(textOf(page))) {
    const keys = Object.keys((parse(example) as object | null) ?? {});
    if (keys.length > 0 && keys.every((key) => Object.hasOwn(tenantSchema.shape, key)) && !isModule(keys))
      parseTenant(stringify({ ...base, ...(parse(example) as object) }), page);
    else if (isModule(keys)) readModuleFile(example);
  }
});

test.each(pages)("every page that %s links to is there", (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)#]+)\)/g)].map(([, link = ""]) => link);
  const inside = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(inside.filter((link) => !existsSync(new URL(link, new URL(page, root))))).toEqual([]);
});

/** What an example of one part of tenant.yaml leaves out. */
const base = {
  id: "acme",
  people: [{ id: "jane.doe", roles: ["StudioAdmin"] }],
  environments: [{ id: "staging" }, { id: "production" }],
};

function isModule(keys: string[]): boolean {
  return keys.length > 0 && keys.every((key) => Object.hasOwn(moduleFileSchema.shape, key));
}

function textOf(page: string): string {
  return readFileSync(new URL(page, root), "utf8");
}

/** Command lines in code, inline or in blocks, whose first words are one of the programs. */
function commandsIn(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, "");
  const blocks = [...joined.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
  const inline = [...joined.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(
    ([, code = ""]) => code,
  );
  return [...blocks, ...inline].filter((line) => /^(npx )?(connectsoft|studio) [a-z]/.test(line));
}

function problemsOf(line: string): string[] {
  const [program = "", ...words] = line
    .replace(/^npx /, "")
    .replace(/\s+#.*$/, "")
    .split(/\s+/);
  let command: Command = createProgram(program as "connectsoft" | "studio", quiet, () => {});
  for (const word of words) {
    const [below] = word.split("|").map((name) => command.commands.find((one) => one.name() === name));
    if (below === undefined) break;
    command = below;
  }
  if (command.parent === null) return [`${line}: no such command`];
  const known = [...command.options.map(({ long }) => long), "--help"];
  const flags = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0]);
  return flags.filter((flag) => !known.includes(flag)).map((flag) => `${line}: no flag ${flag}`);
}

/** The corpus as people read it; nothing stands in it that the suite does not hold to. */
import { corpus } from "./corpus.ts";
import type { CorpusModule, Tried } from "./corpus-module.ts";

export function corpusDocument(): string {
  const all = corpus.flatMap(({ modules }) => modules);
  const count = (is: (module: CorpusModule) => boolean) => all.filter(is).length;
  return [
    "# The corpus of real modules",
    "",
    `${all.length} modules, unmodified and pinned by digest, ${count(({ origin }) => origin.registry !== "none")} of them as their registries ship them; the others are shapes as starters make them. ` +
      `${count((module) => "tried" in module)} are built, tested where they bring their tests, and started from what was built; ${count((module) => "notBuilt" in module)} are recognised and generated for only; ` +
      `${count((module) => "buildFails" in module)} must fail to build and ${count((module) => "refused" in module)} must be refused, for the reason that stands beside them.`,
    "",
    "Every module that is not refused gets all its files generated twice, byte for byte the same, and no validator may find an error in them. `npm run test:real -- corpus` tries all of it. Packages are fetched by the package managers themselves, so a mirror that is configured is asked, and kept in the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`); what cannot be fetched is skipped, with the reason.",
    "",
    "Written from `test/real/corpus/modules` by `npx vitest run test/real/corpus --update`.",
    ...corpus.flatMap(({ language, modules }) => ["", `## ${language}`, "", ...table(modules)]),
    "",
  ].join("\n");
}

function table(modules: CorpusModule[]): string[] {
  return [
    "| module | recognised as | starts with | how far |",
    "|---|---|---|---|",
    ...modules.map((module) => `| ${[nameOf(module), ...recognised(module), howFar(module)].join(" | ")} |`),
  ];
}

function nameOf({ name, origin, overrides }: CorpusModule): string {
  const said = Object.entries(overrides ?? {}).map(([key, value]) => ` --${key} ${quoted(String(value))}`);
  const from =
    origin.registry === "none" ? `as ${origin.like} makes it` : `${origin.registry} ${origin.version}`;
  return `**${name}**<br>${from}${said.length === 0 ? "" : `<br>handed over with${said.join("")}`}`;
}

function recognised(module: CorpusModule): [string, string] {
  if ("refused" in module) return ["refused", ""];
  const { stack, framework, port, health, start } = module.recognised;
  const rest = [framework, port, health].filter((each) => each !== undefined);
  return [[stack, ...rest].join("; "), quoted(start)];
}

function howFar(module: CorpusModule): string {
  if ("refused" in module) return `${module.refused.code}: ${module.refused.rightly}`;
  if ("buildFails" in module) return `fails in ${module.buildFails.step}: ${module.buildFails.rightly}`;
  if ("notBuilt" in module) return `generated; not built: ${module.notBuilt}`;
  const { start } = module.tried;
  return ["built", tested(module.tried), "asks" in start ? `answers ${quoted(start.asks)}` : "runs"]
    .filter(Boolean)
    .join(", ");
}

function tested({ tests }: Tried): string {
  if (tests === undefined) return "brings no tests";
  if (tests === "pass") return "tests pass";
  return "passed" in tests ? `${tests.passed} tests pass` : `not tested: ${tests.notTried}`;
}

function quoted(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

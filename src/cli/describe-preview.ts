/** A preview as people read it: what the module is, a tree of files with what happens to each, and what is wrong. */
import type { Preview } from "../operations/preview-delivery.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

type File = Preview["files"][number];

export function describePreview(cli: Cli, preview: Preview, withDiff: boolean): string[] {
  const { bold, dim } = cli.colors;
  const { module, files, findings, leftOut, patch } = preview;
  return [
    `${bold(module.id)} ${module.version} ${dim(wordsFor(preview))}`,
    "",
    ...table(facts(preview), "  "),
    "",
    ...(files.length === 0 ? [dim("Nothing would be generated.")] : treeLines(cli, files)),
    ...leftOut.flatMap(({ set, findings: reasons }) => [
      "",
      `${cli.colors.red("left out:")} ${set} would not be valid`,
      ...reasons.map(({ path, message }) => `  ${path}: ${message}`),
    ]),
    ...findings.map(
      ({ path, line, message, suggestion }) =>
        `${cli.colors.yellow("look at")} ${path}${line === undefined ? "" : `:${line}`}: ${message} ${dim(suggestion)}`,
    ),
    "",
    dim(legend(files)),
    ...(withDiff ? ["", ...patchLines(cli, patch)] : []),
  ];
}

function wordsFor({ module }: Preview): string {
  const { runtime, runtimeVersion, packageManager, framework } = module;
  return [`${runtime} ${runtimeVersion ?? ""}`.trim(), packageManager, framework]
    .filter((word) => word !== undefined && word !== "none")
    .join(", ");
}

function facts({ module, model }: Preview): string[][] {
  const commands = model.stages.flatMap(({ name, steps }) =>
    steps.map((step, index) => [index === 0 ? name : "", step.run.join(" ")]),
  );
  return [...commands, ["start", module.start.join(" ")]];
}

const signs: Record<File["status"], string> = {
  added: "+",
  changed: "~",
  unchanged: "=",
  removed: "-",
  own: "o",
  conflict: "!",
};
const words: Record<File["status"], string> = {
  added: "+ new",
  changed: "~ changed",
  unchanged: "= as it is",
  removed: "- removed",
  own: "o your own, stays",
  conflict: "! changed on both sides, yours stays",
};

/** Folders once, files below them. */
function treeLines(cli: Cli, files: File[]): string[] {
  const lines: string[] = [];
  let before: string[] = [];
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const parts = file.path.split("/");
    const folders = parts.slice(0, -1);
    const shared = folders.findIndex((folder, depth) => folder !== before[depth]);
    const from = shared === -1 ? folders.length : shared;
    for (let depth = from; depth < folders.length; depth += 1)
      lines.push(`  ${"  ".repeat(depth)}${cli.colors.dim(`${folders[depth]}/`)}`);
    lines.push(`${coloured(cli, file)} ${"  ".repeat(folders.length)}${parts.at(-1)}`);
    before = folders;
  }
  return lines;
}

function coloured(cli: Cli, { status }: File): string {
  const { green, yellow, red, dim } = cli.colors;
  const sign = signs[status];
  if (status === "added") return green(sign);
  if (status === "changed") return yellow(sign);
  return status === "conflict" || status === "removed" ? red(sign) : dim(sign);
}

function legend(files: File[]): string {
  const used = new Set(files.map(({ status }) => status));
  return (Object.keys(words) as File["status"][])
    .filter((status) => used.has(status))
    .map((status) => words[status])
    .join("   ");
}

function patchLines(cli: Cli, patch: string): string[] {
  const { green, red, bold, dim } = cli.colors;
  return patch.split("\n").map((line) => {
    if (line.startsWith("diff --git")) return bold(line);
    if (line.startsWith("@@")) return dim(line);
    if (line.startsWith("+")) return green(line);
    return line.startsWith("-") ? red(line) : line;
  });
}

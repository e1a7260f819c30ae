/** Dockerfile instructions in which every word arrives as it was. */
import type { Command } from "../../module/module-spec.ts";
import { shellLine } from "../shell-line.ts";

/** Mounts of one RUN: caches that outlive the build, and secrets that no layer ever holds. */
export interface Mounts {
  caches: string[];
  secret?: { id: string; target: string };
}

export function run(command: Command, mounts: Mounts = { caches: [] }): string {
  const flags = [
    ...mounts.caches.map((target) => `--mount=type=cache,target=${target}`),
    ...(mounts.secret === undefined
      ? []
      : [`--mount=type=secret,id=${mounts.secret.id},target=${mounts.secret.target}`]),
  ];
  return `RUN ${[...flags, runnable(command)].join(" \\\n    ")}`;
}

/** A line for the shell where it reads like one, else the exact list of arguments. */
function runnable(command: Command): string {
  return command.every((word) => /^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) ? shellLine(command) : list(command);
}

/** The exec form: nothing but the program stands between a signal and the process. */
export function list(command: Command): string {
  return `[${command.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** `ENV`, `LABEL` or `ARG`-like pairs, one a line. */
export function pairs(instruction: "ENV" | "LABEL", values: Record<string, string>): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [`${instruction} ${entries.map(([name, value]) => `${name}=${quote(value)}`).join(" \\\n    ")}`];
}

/** Files into their own folders: a Dockerfile's COPY flattens what it is given. */
export function copyInPlace(paths: string[]): string[] {
  const folders = Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/") + 1));
  return [...folders].map(([folder, files]) => copy(files, `./${folder}`));
}

export function copy(sources: string[], target: string, flags = ""): string {
  const words = [...sources, target];
  const form = words.every(isPlain) ? words.join(" ") : JSON.stringify(words);
  return `COPY ${flags === "" ? "" : `${flags} `}${form}`;
}

function isPlain(word: string): boolean {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word);
}

/** A Dockerfile replaces `$NAME` in these, takes a backslash for an escape, and knows no line break. */
function quote(value: string): string {
  if (isPlain(value)) return value;
  const escaped = value.replaceAll(/[\\"$]/g, (character) => `\\${character}`).replaceAll(/\r?\n/g, " ");
  return `"${escaped}"`;
}

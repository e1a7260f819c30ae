/** A Dockerfile and nothing else that is known: the image is all there is, and its own command starts it. */
import type { Command } from "../../module/module-spec.ts";
import { brokenFile } from "../broken-file.ts";
import { known } from "../facts.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts } from "../stack.ts";
import {
  type DockerInstruction,
  lastStage,
  readDockerfile,
  variablesOf,
  withVariables,
} from "./read-dockerfile.ts";

export const containerStack: Stack = {
  runtime: "container",
  label: "a container image",
  packageManagers: ["none"],
  manifest: "Dockerfile",
  isManifest: (name) => name === "Dockerfile",
  describes: describesPort,
  recognise,
  toolchain: () => ({ install: [], caches: [], inventories: () => false, leavesOut: () => false }),
};

const next = "Correct the Dockerfile; `docker build --check .` shows how it is read.";

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const text = folder.read("Dockerfile");
  if (text === undefined) return undefined;
  const instructions = readDockerfile(text);
  requireForm(instructions);
  const stage = lastStage(instructions);
  const variables = variablesOf(instructions);
  const port = readPort(folder, { start: asked.start }) ?? portNumber(variables.get("PORT"));
  return known<StackFacts>({
    packageManager: "none",
    runtimeVersion: imageOf(instructions),
    locked: isPinned(instructions),
    manifestFiles: ["Dockerfile"],
    start: startCommand(stage),
    port,
    healthPath: healthPath(stage, variables),
    noStart: {
      lookedFor:
        "the Dockerfile has neither CMD nor ENTRYPOINT, and what its base image starts is not known here",
      next: 'Add a CMD, such as CMD ["/app/server"], or say `start:` in module.yaml.',
    },
  });
}

/** Refuses what no builder takes: text that is none, and a stage before the first FROM. */
function requireForm(instructions: DockerInstruction[]): void {
  const path = "Dockerfile";
  const [first] = instructions.filter(({ name }) => name !== "ARG");
  if (first === undefined) throw brokenFile({ path }, "it has no FROM", next);
  if (first.name !== "FROM")
    throw brokenFile({ path, line: first.line }, `${first.name} stands before the first FROM`, next);
  const strange = instructions.find(({ name }) => !names.has(name));
  if (strange !== undefined)
    throw brokenFile(
      { path, line: strange.line },
      `${JSON.stringify(strange.name)} is no instruction of a Dockerfile`,
      next,
    );
  const empty = instructions.find(({ name, value }) => name === "FROM" && value === "");
  if (empty !== undefined) throw brokenFile({ path, line: empty.line }, "FROM names no image", next);
}

const names = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/** The image of the last stage that is not another stage: `gcr.io/distroless/static:nonroot`. */
function imageOf(instructions: DockerInstruction[]): string {
  const variables = variablesOf(instructions);
  const stages = new Map<string, string>();
  let image = "";
  for (const { value } of instructions.filter(({ name }) => name === "FROM")) {
    const [, from = "", name] =
      /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(withVariables(value, variables)) ?? [];
    image = stages.get(from.toLowerCase()) ?? from;
    if (name !== undefined) stages.set(name.toLowerCase(), image);
  }
  return image;
}

/** Every image named by its digest: then the same Dockerfile begins from the same bytes. */
function isPinned(instructions: DockerInstruction[]): boolean {
  const stages = new Set<string>();
  return instructions
    .filter(({ name }) => name === "FROM")
    .every(({ value }) => {
      const [, from = "", name] = /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(value) ?? [];
      const pinned = from.includes("@sha256:") || from === "scratch" || stages.has(from.toLowerCase());
      if (name !== undefined) stages.add(name.toLowerCase());
      return pinned;
    });
}

/** What the image runs: the last ENTRYPOINT with the last CMD as its arguments, as a container engine puts them together. */
function startCommand(stage: DockerInstruction[]): Command | undefined {
  const entry = last(stage, "ENTRYPOINT");
  const cmd = last(stage, "CMD");
  const entrypoint = entry === undefined ? [] : wordsOf(entry);
  // A shell form of ENTRYPOINT takes no arguments.
  if (entry !== undefined && !isExecForm(entry)) return entrypoint;
  const start = [...entrypoint, ...(cmd === undefined ? [] : wordsOf(cmd))];
  return start.length === 0 ? undefined : start;
}

function last(stage: DockerInstruction[], wanted: string): DockerInstruction | undefined {
  return stage.findLast(({ name, value }) => name === wanted && value !== "" && value !== "[]");
}

function isExecForm({ value }: DockerInstruction): boolean {
  return execWords(value) !== undefined;
}

function wordsOf({ value }: DockerInstruction): Command {
  return execWords(value) ?? ["/bin/sh", "-c", value];
}

function execWords(value: string): string[] | undefined {
  if (!value.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(value);
    const isList = Array.isArray(words) && words.every((word) => typeof word === "string" && word !== "");
    return isList ? words : undefined;
  } catch {
    return undefined;
  }
}

/** The path that `HEALTHCHECK CMD curl -f http://localhost:8080/health` asks for. */
function healthPath(stage: DockerInstruction[], variables: ReadonlyMap<string, string>): string | undefined {
  const check = last(stage, "HEALTHCHECK")?.value ?? "";
  const url =
    /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::[^/\s"']+)?(\/[^\s"'|;&)?#]*)?/.exec(
      withVariables(check, variables),
    );
  return url === null ? undefined : (url[1] ?? "/");
}

function portNumber(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

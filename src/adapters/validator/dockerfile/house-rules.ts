/** What every generated image holds to, and a hand edit may have broken. */
import {
  type DockerInstruction,
  lastStage,
  readDockerfile,
} from "../../../domain/stack/container/read-dockerfile.ts";
import type { FileFinding } from "../../../ports/file-validator.ts";

type Problem = Omit<FileFinding, "path">;

export function houseRules(path: string, content: string): FileFinding[] {
  const instructions = readDockerfile(content);
  const last = lastStage(instructions);
  const problems = [
    ...unpinned(instructions),
    ...withRoot(last),
    ...last.flatMap(throughShell),
    ...instructions.flatMap(secretInLayer),
  ];
  return problems.map((problem) => ({ path, ...problem }));
}

/** Stages of this file and the empty image have no digest. */
function unpinned(instructions: DockerInstruction[]): Problem[] {
  const stages = new Set(["scratch"]);
  return instructions.flatMap((instruction) => {
    const image = imageOf(instruction);
    const isKnown = image === undefined || stages.has(image) || /^\d+$/.test(image);
    const stage = /\sAS\s+(\S+)\s*$/i.exec(instruction.value)?.[1];
    if (instruction.name === "FROM" && stage !== undefined) stages.add(stage);
    if (isKnown || /@sha256:[0-9a-f]{64}$/.test(image)) return [];
    return [
      {
        line: instruction.line,
        rule: "dockerfile/unpinned-image",
        severity: "error" as const,
        message: `${image} has no digest, so it is another image tomorrow`,
        suggestion: `Write ${image.split("@")[0]}@sha256:... with the digest that was reviewed.`,
      },
    ];
  });
}

function imageOf({ name, value }: DockerInstruction): string | undefined {
  if (name === "FROM") return value.split(/\s+/).find((word) => !word.startsWith("--"));
  return name === "COPY" ? /--from=(\S+)/.exec(value)?.[1] : undefined;
}

function withRoot(last: DockerInstruction[]): Problem[] {
  const from = last[0];
  if (from === undefined) return [];
  const user = last.findLast(({ name }) => name === "USER");
  if (user !== undefined && /^[1-9]\d*(:\d+)?$/.test(user.value)) return [];
  return [
    {
      line: (user ?? from).line,
      rule: "dockerfile/root-user",
      severity: "error",
      message:
        user === undefined ? "the image runs as root" : `a cluster cannot see that ${user.value} is not root`,
      suggestion: "Add USER with a number, such as USER 10001:10001, after everything that needs root.",
    },
  ];
}

function throughShell({ name, value, line }: DockerInstruction): Problem[] {
  const command = name === "HEALTHCHECK" ? /\bCMD\s+(.*)$/.exec(value)?.[1] : value;
  if (!["CMD", "ENTRYPOINT", "HEALTHCHECK"].includes(name) || command === undefined || isList(command))
    return [];
  return [
    {
      line,
      rule: "dockerfile/shell-form",
      severity: "error",
      message: `${name} runs through a shell, which the image may not have and which keeps signals to itself`,
      suggestion: `Write it as a list: ${name === "HEALTHCHECK" ? "HEALTHCHECK CMD" : name} ["program", "argument"].`,
    },
  ];
}

function isList(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string");
  } catch {
    return false;
  }
}

function secretInLayer({ name, value, line }: DockerInstruction): Problem[] {
  if (name !== "ENV" && name !== "ARG") return [];
  const found = /\b(\w*(?:PASSWORD|PASSWD|SECRET|PRIVATE_KEY|API_KEY|ACCESS_TOKEN))[= ]+[^\s"']/i.exec(
    value,
  )?.[1];
  if (found === undefined) return [];
  return [
    {
      line,
      rule: "dockerfile/secret-in-layer",
      severity: "warning",
      message: `${found} would stand in the image for everybody who can pull it`,
      suggestion: "Mount it where it is needed: RUN --mount=type=secret,id=<name>.",
    },
  ];
}

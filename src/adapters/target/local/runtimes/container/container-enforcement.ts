/** What holds an instance's container to its limits. */
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Launch } from "../runtime.ts";
import type { Engine } from "./engine.ts";

/** `engine` is undefined until one was chosen. */
export function enforcementBy(engine: Engine | undefined, { limits }: Pick<Launch, "limits">): Enforcement[] {
  const by = engine?.limits ?? { enforced: false, words: "no container engine was found yet" };
  const say = (limit: keyof Limits, value: string): Enforcement => ({
    limit,
    enforced: by.enforced,
    words: by.enforced ? `${value}: enforced by ${by.words}` : `${value}: not enforced: ${by.words}`,
  });
  return [
    ...(limits.processes === undefined ? [] : [say("processes", `at most ${limits.processes} processes`)]),
    ...(limits.memoryBytes === undefined
      ? []
      : [say("memoryBytes", `memory ${inMebibytes(limits.memoryBytes)}`)]),
    ...(limits.cpus === undefined ? [] : [say("cpus", `${limits.cpus} processors`)]),
    {
      limit: "user",
      enforced: engine !== undefined,
      words:
        "user: the image's own, or the one of its namespace where a release directory is laid into one that names none",
    },
    {
      limit: "network",
      enforced: engine !== undefined,
      words: "a network of its own; one port is published, on the loopback",
    },
  ];
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/** Looks at what really runs, for comparison with what was started. The digest of the bytes is taken by whoever asks. */
import { readFileSync } from "node:fs";
import type { ObservedRelease } from "../../../../../domain/drift/compare-with-approved.ts";
import type { TargetPlace } from "../../../../../ports/target.ts";
import { markerVariable } from "../../runtimes/process/process-identity.ts";
import { resolveCommand } from "../../runtimes/process/service-command.ts";
import type { Launch } from "../../runtimes/runtime.ts";
import type { Release } from "../release.ts";
import { launchOf } from "../release-host.ts";
import type { Supervisor } from "../supervisor.ts";

export type ObservedOnHost = Omit<ObservedRelease, "artifact"> & { digest: string };

export async function observe(supervisor: Supervisor, place: TargetPlace): Promise<ObservedOnHost[]> {
  const running = supervisor.of(place).filter(({ record }) => record.wanted === "running");
  return await Promise.all(running.map((release) => look(supervisor, release)));
}

async function look(supervisor: Supervisor, release: Release): Promise<ObservedOnHost> {
  const { record } = release;
  const share = supervisor.routing.share(release);
  const environment = await supervisor.environments.read(record.spec);
  const alive = record.instances.filter(({ identity }) => identity !== undefined);
  const changed = new Set<string>();
  let command: ObservedRelease["command"];
  for (const instance of alive) {
    const launch = launchOf(supervisor.layout, record, { instance, environment });
    const pid = instance.identity?.pid ?? 0;
    for (const name of changedVariables(pid, launch)) changed.add(name);
    command ??= otherCommand(pid, launch);
  }
  return {
    releaseId: record.spec.releaseId,
    traffic: share !== undefined,
    weight: share?.weight ?? 0,
    instances: alive.length,
    digest: record.spec.artifact,
    changedVariables: [...changed].sort(),
    ...(command && { command }),
  };
}

/** Names only: the values may be secrets. */
function changedVariables(pid: number, { environment }: Launch): string[] {
  const found = new Map(
    strings(`/proc/${pid}/environ`).map((variable) => {
      const at = variable.indexOf("=");
      return [variable.slice(0, at), variable.slice(at + 1)] as const;
    }),
  );
  // Programs that show a title of their own write it over their environment.
  if (!found.has(markerVariable)) return [];
  // Not every runtime tells an instance the whole of its mark.
  return Object.keys(environment).filter(
    (name) => name !== markerVariable && found.get(name) !== environment[name],
  );
}

function otherCommand(pid: number, { command }: Launch): ObservedRelease["command"] {
  const found = strings(`/proc/${pid}/cmdline`);
  const wanted = resolveCommand(command);
  // A title of its own is one string; a script has its interpreter before it.
  const isTitle = found.length <= 1;
  const endsSame = wanted
    .slice(1)
    .every((argument, index) => found.at(index - wanted.length + 1) === argument);
  return isTitle || endsSame ? undefined : { wanted, found };
}

function strings(path: string): string[] {
  try {
    return readFileSync(path, "utf8").replace(/\0$/, "").split("\0");
  } catch {
    return [];
  }
}

/** Lines of what releases wrote, instance by instance; with `follow` also of instances that come later. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogLine } from "../../../../../ports/target.ts";
import { readOutput } from "../../runtimes/read-output.ts";
import type { LogsRequest } from "../protocol.ts";
import type { Supervisor } from "../supervisor.ts";

const lookMs = 1_000;

interface Source {
  folder: string;
  releaseId: string;
  instance: number;
}

export async function logs(
  supervisor: Supervisor,
  request: LogsRequest,
  out: { signal: AbortSignal; log(line: LogLine): Promise<void> | void },
): Promise<void> {
  const { tail, follow } = request;
  const read = async ({ folder, releaseId, instance }: Source, from: number) => {
    for await (const line of readOutput(folder, { tail: from, follow }, out.signal))
      await out.log({ ...line, releaseId, instance });
  };
  if (!follow) {
    for (const source of await sources(supervisor, request)) await read(source, tail);
    return;
  }
  const following = new Map<string, Promise<void>>();
  for (let from = tail; !out.signal.aborted; from = Number.MAX_SAFE_INTEGER) {
    for (const source of await sources(supervisor, request))
      if (!following.has(source.folder)) following.set(source.folder, read(source, from));
    await sleep(lookMs, undefined, { signal: out.signal }).catch(() => undefined);
  }
  await Promise.allSettled(following.values());
}

async function sources(supervisor: Supervisor, request: LogsRequest): Promise<Source[]> {
  const named = request.releaseId;
  const releases =
    named === undefined
      ? supervisor.routing.shares(request).map(({ releaseId }) => releaseId)
      : [supervisor.get({ ...request, releaseId: named }).record.spec.releaseId];
  const found = await Promise.all(releases.map((releaseId) => instancesOf(supervisor, request, releaseId)));
  return found.flat();
}

/** By their folders, so that those that were scaled away are read as well. */
async function instancesOf(
  supervisor: Supervisor,
  request: LogsRequest,
  releaseId: string,
): Promise<Source[]> {
  const folder = supervisor.folder({ ...request, releaseId });
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const index = /^instance-(\d+)$/.exec(name)?.[1];
      return index === undefined ? [] : [{ folder: join(folder, name), releaseId, instance: Number(index) }];
    })
    .sort((a, b) => a.instance - b.instance);
}

/** Which port an instance gets: the one that its release insists on, else a free one that nobody was promised. */
import { createTurns } from "../../../../domain/in-turn.ts";
import { freePort } from "../runtimes/process/listening-ports.ts";
import type { InstanceRecord, ReleaseRecord } from "./state.ts";

export type ChoosePort = (release: ReleaseRecord, instance: InstanceRecord) => Promise<void>;

export function createPorts(releases: () => ReleaseRecord[]): ChoosePort {
  const inTurn = createTurns();
  return (release, instance) =>
    inTurn("port", async () => {
      instance.port = release.spec.fixedPort ?? (await freePort(promised(releases(), instance)));
    });
}

function promised(releases: ReleaseRecord[], but: InstanceRecord): Set<number> {
  const running = releases.filter(({ wanted }) => wanted === "running");
  const others = running.flatMap(({ instances }) => instances).filter((instance) => instance !== but);
  return new Set(others.flatMap(({ port }) => port ?? []));
}

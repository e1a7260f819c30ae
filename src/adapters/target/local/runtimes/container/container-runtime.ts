/**
 * Instances as containers of podman or docker. A container is named and labelled by its marker, its port is
 * published on the loopback, and the engine restarts nothing: that is the supervisor's.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import { keepWithin, outputFiles } from "../log-files.ts";
import type { Exit, Identity, InstanceRuntime, Launch } from "../runtime.ts";
import { allEngines, chooseEngine, engineOf } from "./choose-engine.ts";
import { enforcementBy } from "./container-enforcement.ts";
import { execInContainer } from "./container-exec.ts";
import { followContainer, identityOf, idOf, removeContainer, stateOf } from "./container-instance.ts";
import { markerLabel } from "./create-options.ts";
import { resumeLog } from "./docker-log.ts";
import type { Engine } from "./engine.ts";
import { discardImage, provideImage } from "./image.ts";
import { isLayout } from "./oci-layout.ts";
import { startContainer } from "./start-container.ts";

type Wants = Pick<Launch, "engine">;

export function createContainerRuntime(): InstanceRuntime {
  /** What was chosen for each wish; what holds of a launch is told without asking again. */
  const chosen = new Map<Wants["engine"], Engine>();

  async function choose({ engine: wanted }: Wants): ReturnType<typeof chooseEngine> {
    const engine = await chooseEngine(wanted === undefined ? {} : { engine: wanted });
    if (!("unusable" in engine)) chosen.set(wanted, engine);
    return engine;
  }

  async function usable(wants: Wants): Promise<Engine> {
    const engine = await choose(wants);
    if ("unusable" in engine) throw new ProgramFailure(engine.unusable);
    return engine;
  }

  return {
    name: "container",
    async unavailable(wants = {}) {
      const engine = await choose(wants);
      return "unusable" in engine ? engine.unusable : undefined;
    },
    async prepare(wanted, progress) {
      const isOurs = isLayout(wanted.directory);
      if (isOurs ? wanted.registry === undefined : wanted.image === undefined) return;
      await provideImage(await usable(wanted), wanted, progress);
    },
    async launch(launch, onExit) {
      try {
        const engine = await usable(launch);
        const { identity, logged } = await startContainer(engine, launch);
        const ended = (exit: Exit) => onExit(exit, missingProgram(exit, launch));
        const unfollow = keepWithin(launch.folder, launch.logs);
        return followContainer({ engine, identity, unfollow, logged, onExit: ended });
      } catch (error) {
        onExit({ code: null, signal: null }, `its container cannot be started: ${inOneLine(error)}`);
        return undefined;
      }
    },
    async adopt(identity, launch, onExit) {
      const engine = await engineOf(identity);
      if (engine === undefined) return undefined;
      // One that has ended meanwhile is there until somebody has asked how.
      if ((await stateOf(engine, idOf(identity))) === undefined) return undefined;
      const logged = engine.name === "docker" ? resumeLog(launch.folder, idOf(identity)) : async () => {};
      return followContainer({
        engine,
        identity,
        unfollow: keepWithin(launch.folder, launch.logs),
        logged,
        onExit,
      });
    },
    find: findContainers,
    async kill(identity) {
      const engine = await engineOf(identity);
      if (engine !== undefined) await removeContainer(engine, idOf(identity));
    },
    exec: async (launch, options) => execInContainer(await usable(launch), launch, options),
    async discard(directory) {
      for (const engine of await allEngines()) await discardImage(engine, directory);
    },
    enforcement: (launch) => enforcementBy(chosen.get(launch.engine), launch),
  };
}

/** With an init before it, it is the init that does not find the program: by then the container runs. */
function missingProgram({ code }: Exit, { command, folder }: Launch): string | undefined {
  const last = outputFiles(folder).at(-1);
  if (code === 0 || code === null || last === undefined) return undefined;
  const said = /^(?:ERROR \(catatonit:\d+\): failed to exec|\[FATAL tini).*$/m.exec(
    readHead(join(folder, last)),
  )?.[0];
  if (said === undefined) return undefined;
  return `its command ${command[0]} was not found; expected a program of the release, or of its image (${said})`;
}

/** An init that cannot begin is the only one that writes. */
function readHead(path: string): string {
  const head = Buffer.alloc(1_024);
  const file = openSync(path, "r");
  try {
    return head.toString("utf8", 0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

/** More than go in a row on any host. */
const mostListings = 10;

async function findContainers(markerPrefix: string): Promise<Map<string, Identity>> {
  const found = new Map<string, Identity>();
  for (const engine of await allEngines()) {
    for (const { id, marker, pid } of await listMarked(engine))
      if (marker.startsWith(markerPrefix)) found.set(marker, identityOf(engine, id, pid));
  }
  return found;
}

interface Marked {
  id: string;
  marker: string;
  pid: number;
}

/** Others come and go meanwhile: where one went between being listed and being looked at, all are listed anew. */
async function listMarked(engine: Engine): Promise<Marked[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await lookAt(engine, await idsOfMarked(engine));
    } catch (error) {
      if (attempt === mostListings || !/no such (container|object)/i.test(inOneLine(error))) throw error;
    }
  }
}

async function idsOfMarked(engine: Engine): Promise<string[]> {
  const only = ["--filter", `label=${markerLabel}`];
  const ids = await callProgram(engine.name, ["ps", "--all", "--quiet", "--no-trunc", ...only]);
  return ids.trim().split("\n").filter(Boolean);
}

async function lookAt(engine: Engine, ids: string[]): Promise<Marked[]> {
  if (ids.length === 0) return [];
  const format = `{{.Id}} {{.State.Pid}} {{index .Config.Labels "${markerLabel}"}}`;
  const said = await callProgram(engine.name, ["inspect", "--type", "container", "--format", format, ...ids]);
  return said
    .trim()
    .split("\n")
    .map((line) => {
      const [, id = "", pid, marker = ""] = /^(\S+) (\d+) (.*)$/.exec(line) ?? [];
      return { id, marker, pid: Number(pid) };
    });
}

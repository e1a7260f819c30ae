/** From a launch to a container that runs: image, options, environment, log. Every failure is one sentence. */
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import { openOutput, outputFiles } from "../log-files.ts";
import type { Identity, Launch } from "../runtime.ts";
import { identityOf, removeContainer, stateOf } from "./container-instance.ts";
import { type Guest, guestOf } from "./container-user.ts";
import { createContainer } from "./create-container.ts";
import { containerName } from "./create-options.ts";
import { copyLog } from "./docker-log.ts";
import type { Engine } from "./engine.ts";
import { type Image, provideImage } from "./image.ts";

export interface StartedContainer {
  identity: Identity;
  /** Resolves when all that it printed is in the log. */
  logged(): Promise<void>;
}

export async function startContainer(engine: Engine, launch: Launch): Promise<StartedContainer> {
  const image = await provideImage(engine, launch);
  const guest = guestOf(engine, image, launch);
  // Who may open its own output again (`/dev/stdout`).
  const output = openOutput(launch.folder, guest.user ?? (Number.parseInt(image.user, 10) || undefined));
  try {
    const id = await (engine.name === "podman" ? startInPodman : startInDocker)({
      engine,
      image,
      launch,
      guest,
      output,
    });
    const logged = engine.name === "podman" ? async () => {} : copyLog(launch.folder, id, output);
    const state = await stateOf(engine, id);
    // Where it is over already there is no process to follow, and the engine knows how it ended.
    return { identity: identityOf(engine, id, state?.running === true ? state.pid : 0), logged };
  } catch (error) {
    await removeContainer(engine, containerName(launch));
    throw error;
  } finally {
    closeSync(output);
  }
}

interface Start {
  engine: Engine;
  image: Image;
  launch: Launch;
  guest: Guest;
  output: number;
}

/** What podman itself says of a failure goes to the same file as what the service would have said. */
async function startInPodman({ engine, image, launch, guest, output }: Start): Promise<string> {
  try {
    return await createContainer(engine, image, launch, {
      name: containerName(launch),
      serves: true,
      guest,
      output,
    });
  } catch (error) {
    const last = outputFiles(launch.folder).at(-1);
    const said = last === undefined ? "" : inOneLine(readFileSync(join(launch.folder, last), "utf8"));
    throw said === "" ? error : new ProgramFailure(said);
  }
}

async function startInDocker({ engine, image, launch, guest }: Start): Promise<string> {
  const id = await createContainer(engine, image, launch, {
    name: containerName(launch),
    serves: true,
    guest,
  });
  await callProgram(engine.name, ["start", id]);
  return id;
}

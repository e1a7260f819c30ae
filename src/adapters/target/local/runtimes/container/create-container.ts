/** Makes a container: its variables go by a private file that is gone afterwards. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callProgram, ProgramFailure } from "../call-program.ts";
import type { Launch } from "../runtime.ts";
import { removeContainer } from "./container-instance.ts";
import type { Guest } from "./container-user.ts";
import { createOptions } from "./create-options.ts";
import type { Engine } from "./engine.ts";
import { guestEnvironment, handOver } from "./handed-environment.ts";
import type { Image } from "./image.ts";

/** Its id. With `output` it runs by then, and has the file for itself. What is left of an earlier one of that name goes. */
export async function createContainer(
  engine: Engine,
  image: Image,
  launch: Launch,
  { name, serves, guest, output }: { name: string; serves: boolean; guest: Guest; output?: number },
): Promise<string> {
  const handed = handOver(guestEnvironment(launch));
  if (handed.refused !== undefined) throw new ProgramFailure(handed.refused);
  const [environmentFile, idFile] = [join(launch.folder, `${name}.env`), join(launch.folder, `${name}.id`)];
  const passed = Object.keys(handed.passed);
  await removeContainer(engine, name);
  mkdirSync(launch.folder, { recursive: true, mode: 0o700 });
  rmSync(idFile, { force: true });
  try {
    writeFileSync(environmentFile, handed.file, { mode: 0o600 });
    const options = createOptions(engine, image, launch, { name, guest, environmentFile, passed, serves });
    const verb = output === undefined ? ["create"] : ["run", "--detach"];
    await callProgram(engine.name, [...engine.globalOptions, ...verb, "--cidfile", idFile, ...options], {
      environment: handed.passed,
      // conmon leaves a file `oom` where it was started, once memory was short.
      folder: launch.folder,
      ...(output !== undefined && { output }),
    });
    return readFileSync(idFile, "utf8").trim();
  } finally {
    rmSync(environmentFile, { force: true });
    rmSync(idFile, { force: true });
  }
}

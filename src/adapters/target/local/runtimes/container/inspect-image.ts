import { callProgram } from "../call-program.ts";
import type { Engine } from "./engine.ts";

/** The names with a digest (`repository@sha256:...`) that the engine knows the image by; none where it does not have it. */
export async function digestNames(engine: Engine, image: string): Promise<string[]> {
  const said = await inspectImage(engine, image, "{{json .RepoDigests}}");
  return said === undefined ? [] : ((JSON.parse(said) as string[] | null) ?? []);
}

/** Undefined where the engine does not have the image. */
export async function inspectImage(
  engine: Engine,
  image: string,
  format: string,
): Promise<string | undefined> {
  try {
    return (await callProgram(engine.name, ["image", "inspect", "--format", format, image])).trim();
  } catch {
    return undefined;
  }
}

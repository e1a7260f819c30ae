/** The image that an instance runs in: the artifact itself, or the one that the release directory is laid into. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createTurns } from "../../../../../domain/in-turn.ts";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import type { Launch } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { blobPath, isLayout, readLayout } from "./oci-layout.ts";

export interface Image {
  /** What the engine is told to run: an id, or a name that it resolves. */
  reference: string;
  /** Set where the release directory is laid into it. */
  directory?: string;
  /** The image's own user; empty for root. */
  user: string;
}

const loadTimeoutMs = 10 * 60_000;
const inTurn = createTurns();

/** Loaded where it is not there yet; fails with one sentence. */
export async function provideImage(
  engine: Engine,
  launch: Pick<Launch, "directory" | "image">,
): Promise<Image> {
  if (isLayout(launch.directory)) {
    const { id, user } = readLayout(launch.directory);
    const reference = id.slice("sha256:".length);
    await inTurn(launch.directory, () => load(engine, launch.directory, reference));
    return { reference, user };
  }
  if (launch.image === undefined)
    throw new ProgramFailure(
      "it is a release directory, and its environment names no image to lay it into; expected container.image in tenant.yaml",
    );
  const { image } = launch;
  const user = await inTurn(image, () => pullAndReadUser(engine, image));
  return { reference: image, directory: launch.directory, user };
}

/** Takes the release's name from its image, and with it the image unless it has other names or a container. */
export async function discardImage(engine: Engine, layout: string): Promise<void> {
  await inTurn(layout, () =>
    callProgram(engine.name, ["rmi", nameOf(layout)], { timeoutMs: loadTimeoutMs }).catch(() => {}),
  );
}

/** By the digest that the release directory is kept under: it is found again where the directory is gone. */
function nameOf(layout: string): string {
  return `localhost/connectsoft-artifact:${basename(layout)}`;
}

async function load(engine: Engine, layout: string, id: string): Promise<void> {
  const name = nameOf(layout);
  if ((await inspect(engine, name, "{{.Id}}"))?.endsWith(id)) return;
  await loadArchive(engine, layout, name);
  if ((await userOf(engine, id)) === undefined)
    throw new ProgramFailure(`${engine.name} took the image and does not know it as ${id.slice(0, 12)}`);
}

/**
 * docker of Debian 12 reads its own archives only, and podman names what it pulls from a layout by its path, which
 * cannot be a name everywhere; with a list of the same blobs, a layout is an archive for both.
 */
async function loadArchive({ name: program }: Engine, layout: string, name: string): Promise<void> {
  const { id, layers } = readLayout(layout);
  const folder = mkdtempSync(join(tmpdir(), "connectsoft-image-"));
  try {
    const manifest = [{ Config: blobPath(id), RepoTags: [name], Layers: layers.map(blobPath) }];
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    const tar = spawn("tar", ["-c", "-C", layout, "blobs", "-C", folder, "manifest.json"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    tar.on("error", (error) => tar.stdout.destroy(error));
    await callProgram(program, ["load", "--quiet"], { input: tar.stdout, timeoutMs: loadTimeoutMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pullAndReadUser(engine: Engine, image: string): Promise<string> {
  const present = await userOf(engine, image);
  if (present !== undefined) return present;
  try {
    await callProgram(engine.name, ["pull", "--quiet", image], { timeoutMs: loadTimeoutMs });
  } catch (error) {
    throw new ProgramFailure(
      `its image ${image} is not on this host and cannot be fetched: ${inOneLine(error)}`,
    );
  }
  return (await userOf(engine, image)) ?? "";
}

function userOf(engine: Engine, image: string): Promise<string | undefined> {
  return inspect(engine, image, "{{.Config.User}}");
}

/** Undefined where the engine does not have the image. */
async function inspect(engine: Engine, image: string, format: string): Promise<string | undefined> {
  try {
    return (await callProgram(engine.name, ["image", "inspect", "--format", format, image])).trim();
  } catch {
    return undefined;
  }
}

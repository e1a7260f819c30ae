/** The image that an instance runs in: the artifact itself, or the one that the release directory is laid into. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createTurns } from "../../../../../domain/in-turn.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import type { Provision } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { digestNames, inspectImage } from "./inspect-image.ts";
import { blobPath, isLayout, readLayout } from "./oci-layout.ts";
import { withAccessTo } from "./registry-access.ts";
import { provideFromRegistry } from "./registry-image.ts";

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

/** Loaded or pulled where it is not there yet; fails with one sentence. */
export async function provideImage(
  engine: Engine,
  launch: Provision,
  progress: (line: string) => void = () => {},
): Promise<Image> {
  if (isLayout(launch.directory)) {
    const { user, manifest } = readLayout(launch.directory);
    requireApproved(launch, manifest);
    const reference = await inTurn(launch.directory, () => provideOwn(engine, launch, progress));
    return { reference, user };
  }
  if (launch.image === undefined)
    throw new ProgramFailure(
      "it is a release directory, and its environment names no image to lay it into; expected container.image in tenant.yaml",
    );
  const { image } = launch;
  const user = await inTurn(image, () => pullAndReadUser(engine, image, launch));
  return { reference: image, directory: launch.directory, user };
}

/** The bytes say themselves which image they are. */
function requireApproved({ imageDigest }: Provision, manifest: string): void {
  if (imageDigest === undefined || imageDigest === manifest) return;
  throw refuse(
    "DigestMismatch",
    `The artifact holds the image ${manifest}, and ${imageDigest} was approved.`,
    "Rebuild the pipeline: connectsoft rebuild",
  );
}

/** The image that was built, from the registry where the environment has one, else from the artifact store. */
async function provideOwn(
  engine: Engine,
  launch: Provision,
  progress: (line: string) => void,
): Promise<string> {
  const { registry, directory } = launch;
  if (registry === undefined) return await load(engine, directory);
  const reference = await provideFromRegistry(engine, { ...launch, registry }, progress);
  await callProgram(engine.name, ["tag", reference, nameOf(directory)]);
  return reference;
}

/** Takes the release's names from its image, and with it the image unless it has other names or a container. */
export async function discardImage(engine: Engine, layout: string): Promise<void> {
  const name = nameOf(layout);
  await inTurn(layout, async () => {
    const pulled = (await digestNames(engine, name)).filter((one) => !one.startsWith("localhost/"));
    for (const one of [...pulled, name])
      await callProgram(engine.name, ["rmi", one], { timeoutMs: loadTimeoutMs }).catch(() => {});
  });
}

/** By the digest that the release directory is kept under: it is found again where the directory is gone. */
function nameOf(layout: string): string {
  return `localhost/connectsoft-artifact:${basename(layout)}`;
}

async function load(engine: Engine, layout: string): Promise<string> {
  const name = nameOf(layout);
  const id = readLayout(layout).id.slice("sha256:".length);
  if ((await inspectImage(engine, name, "{{.Id}}"))?.endsWith(id)) return id;
  await loadArchive(engine, layout, name);
  if ((await userOf(engine, id)) === undefined)
    throw new ProgramFailure(`${engine.name} took the image and does not know it as ${id.slice(0, 12)}`);
  return id;
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

async function pullAndReadUser(engine: Engine, image: string, launch: Provision): Promise<string> {
  const present = await userOf(engine, image);
  if (present !== undefined) return present;
  await withAccessTo(image, launch, async (access) => {
    try {
      await callProgram(engine.name, access.fetch(engine, image), { timeoutMs: loadTimeoutMs });
    } catch (error) {
      throw refuse(
        "RegistryUnavailable",
        `The image ${image} is not on this host and cannot be fetched: ${inOneLine(error)}.`,
        "See that its name is right and that its registry answers this host and lets it in, and deploy again.",
      );
    }
  });
  return (await userOf(engine, image)) ?? "";
}

function userOf(engine: Engine, image: string): Promise<string | undefined> {
  return inspectImage(engine, image, "{{.Config.User}}");
}

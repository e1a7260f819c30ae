/**
 * An image that goes by a registry. What was approved names it: its manifest's digest is in the layout, the layout
 * is pushed as it is, and the engine fetches and runs it by that digest, so that no tag is believed.
 */
import { createHash } from "node:crypto";
import { type RefusalError, refuse } from "../../../../../domain/refusal.ts";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import type { Engine } from "./engine.ts";
import { pushSignature } from "./image-signature.ts";
import { digestNames, inspectImage } from "./inspect-image.ts";
import { readLayout } from "./oci-layout.ts";
import { type ByRegistry, hostOf, type RegistryAccess, withAccess } from "./registry-access.ts";

const transferTimeoutMs = 10 * 60_000;
const lookTimeoutMs = 30_000;

/**
 * What the engine runs it by. Where the engine has it the registry is not asked, so that a service is started again
 * while that one is away. Refuses with RegistryUnavailable, DigestMismatch and SecretsMissing.
 */
export async function provideFromRegistry(
  engine: Engine,
  wanted: ByRegistry,
  progress: (line: string) => void,
): Promise<string> {
  const { registry, directory, moduleId } = wanted;
  const { id, manifest } = readLayout(directory);
  const name = `${registry.address}/${moduleId}`;
  const reference = `${name}@${manifest}`;
  // podman finds the same digest under the name of another registry as well: that one was pushed elsewhere.
  if ((await digestNames(engine, reference)).includes(reference)) return reference;
  await withAccess(wanted, async (access) => {
    // A registry may have lost a blob of what it still lists: pushing it again brings what is missing.
    const isListed = await isThere(access, reference, manifest);
    if (isListed) await sign(access, wanted, { name, manifest });
    const isPulled =
      isListed &&
      (await pull(engine, access, reference).then(
        () => true,
        () => false,
      ));
    if (!isPulled) {
      await push(access, directory, reference);
      progress(`pushed ${reference}`);
      await sign(access, wanted, { name, manifest });
      await pull(engine, access, reference);
    }
    progress(`pulled ${reference}`);
  });
  await requireSame(engine, reference, [id, manifest]);
  return reference;
}

/** Whatever else is in the way of looking is in the way of pushing too, and told there. */
async function isThere(access: RegistryAccess, reference: string, manifest: string): Promise<boolean> {
  const look = ["inspect", "--raw", ...access.look, `docker://${reference}`];
  const found = await callProgram("skopeo", look, { timeoutMs: lookTimeoutMs }).catch(() => undefined);
  if (found === undefined) return false;
  if (`sha256:${createHash("sha256").update(found).digest("hex")}` === manifest) return true;
  throw otherBytes(reference, "it answers with another manifest");
}

/** Blob by blob as they are, those that are there left out; a manifest that would become another is refused. */
async function push(access: RegistryAccess, directory: string, reference: string): Promise<void> {
  const copy = ["--insecure-policy", "copy", "--quiet", "--preserve-digests", ...access.bring];
  try {
    await callProgram("skopeo", [...copy, `oci:${directory}`, `docker://${reference}`], {
      timeoutMs: transferTimeoutMs,
    });
  } catch (error) {
    if (error instanceof ProgramFailure && error.missing)
      throw refuse(
        "RegistryUnavailable",
        `The image cannot be taken to ${registryOf(reference)}: skopeo, which pushes it as it was approved, is not on this host.`,
        "Install skopeo from your system's packages, and deploy again.",
      );
    throw unavailable(`The image cannot be pushed as ${reference}: ${said(error)}`, reference);
  }
}

/** Before it is pulled: once the engine has the image nobody comes here again. */
async function sign(
  access: RegistryAccess,
  { imageSignature }: ByRegistry,
  image: { name: string; manifest: string },
): Promise<void> {
  if (imageSignature === undefined) return;
  await pushSignature(access, image, imageSignature).catch((error: unknown) => {
    throw unavailable(
      `The signature of ${image.name}@${image.manifest} cannot be pushed: ${said(error)}`,
      image.name,
    );
  });
}

async function pull(engine: Engine, access: RegistryAccess, reference: string): Promise<void> {
  try {
    await callProgram(engine.name, access.fetch(engine, reference), { timeoutMs: transferTimeoutMs });
  } catch (error) {
    const why = said(error);
    if (/did not match|does not match|verification failed/i.test(why)) throw otherBytes(reference, why);
    throw unavailable(`${engine.name} cannot pull ${reference}: ${why}`, reference);
  }
}

/** Engines check it too; this is about an engine that would not. */
async function requireSame(engine: Engine, reference: string, expected: string[]): Promise<void> {
  const id = (await inspectImage(engine, reference, "{{.Id}}")) ?? "";
  if (expected.some((digest) => digest.endsWith(id) && id !== "")) return;
  throw otherBytes(reference, `${engine.name} knows what it pulled as ${id === "" ? "nothing" : id}`);
}

function otherBytes(reference: string, why: string): RefusalError {
  return refuse(
    "DigestMismatch",
    `The image that was approved, ${reference}, is another one in ${registryOf(reference)}: ${why}.`,
    "Find out who changed it there, delete it from the registry, and deploy again: the approved bytes are pushed anew.",
  );
}

function unavailable(message: string, reference: string): RefusalError {
  return refuse(
    "RegistryUnavailable",
    `${message}.`,
    `See that ${registryOf(reference)} answers this host and lets it in (environments[].container.registry), and deploy again.`,
  );
}

/** The programs' own last line, without the stamp that theirs begin with. */
function said(error: unknown): string {
  const line = inOneLine(error);
  const message = /^time="[^"]*" level=\w+ msg="(.*)"$/.exec(line)?.[1];
  return (message?.replaceAll('\\"', '"') ?? line).replace(/\.$/, "");
}

function registryOf(reference: string): string {
  return `the registry ${hostOf(reference)}`;
}

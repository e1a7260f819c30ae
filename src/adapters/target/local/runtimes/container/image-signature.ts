/**
 * An image's signature in its registry, where cosign looks for it: the tag `sha256-<digest>.sig` names an image whose layers
 * are the signed payloads, each with its signature as an annotation. Signatures of others that are there stay.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callProgram } from "../call-program.ts";
import { blobPath } from "./oci-layout.ts";
import type { RegistryAccess } from "./registry-access.ts";

const timeoutMs = 60_000;
const annotation = "dev.cosignproject.cosign/signature";
const types = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  payload: "application/vnd.dev.cosign.simplesigning.v1+json",
};

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

/** `name`: of the image, without tag and digest. The same again changes nothing. */
export async function pushSignature(
  access: RegistryAccess,
  image: { name: string; manifest: string },
  signature: string,
): Promise<void> {
  const signed = JSON.parse(signature) as { payload: string; signature: string };
  const place = `docker://${image.name}:${image.manifest.replace(":", "-")}.sig`;
  const folder = mkdtempSync(join(tmpdir(), "connectsoft-signature-"));
  try {
    const known = await fetchLayers(access, place, folder);
    if (known.some(({ annotations }) => annotations?.[annotation] === signed.signature)) return;
    writeLayout(folder, [...known, layerOf(folder, signed)]);
    const copy = ["--insecure-policy", "copy", "--quiet", "--preserve-digests", ...access.bring];
    await callProgram("skopeo", [...copy, `oci:${folder}`, place], { timeoutMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that are there, with their blobs in the folder. */
async function fetchLayers(access: RegistryAccess, place: string, folder: string): Promise<Descriptor[]> {
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const look = ["inspect", "--raw", ...access.look, place];
  const found = await callProgram("skopeo", look, { timeoutMs }).catch(() => undefined);
  if (found === undefined) return [];
  const copy = ["--insecure-policy", "copy", "--quiet", "--preserve-digests", ...access.take];
  await callProgram("skopeo", [...copy, place, `oci:${folder}`], { timeoutMs });
  return (JSON.parse(found) as { layers?: Descriptor[] }).layers ?? [];
}

function layerOf(folder: string, { payload, signature }: { payload: string; signature: string }): Descriptor {
  const layer = write(folder, types.payload, Buffer.from(payload, "base64"));
  return { ...layer, annotations: { [annotation]: signature } };
}

function writeLayout(folder: string, layers: Descriptor[]): void {
  const diffs = layers.map(({ digest }) => digest);
  const config = {
    architecture: "",
    config: {},
    created: "0001-01-01T00:00:00Z",
    history: diffs.map(() => ({ created: "0001-01-01T00:00:00Z" })),
    os: "",
    rootfs: { type: "layers", diff_ids: diffs },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: write(folder, types.config, Buffer.from(JSON.stringify(config))),
    layers,
  };
  const only = write(folder, types.manifest, Buffer.from(JSON.stringify(manifest)));
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [only] }));
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

function write(folder: string, mediaType: string, bytes: Buffer): Descriptor {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  writeFileSync(join(folder, blobPath(digest)), bytes);
  return { mediaType, digest, size: bytes.length };
}

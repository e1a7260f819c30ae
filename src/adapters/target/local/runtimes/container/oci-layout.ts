/** An image as a directory (OCI image layout 1.0): what the build stage keeps where a module is a container. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "../../../../../domain/refusal.ts";

export interface LayoutImage {
  /** Digest of its configuration: what engines name an image by. */
  id: string;
  /** Digest of its manifest: what a registry names it by. */
  manifest: string;
  layers: string[];
  /** The configuration's own user; empty where it says none. */
  user: string;
}

interface Descriptor {
  mediaType: string;
  digest: string;
}

export function isLayout(directory: string): boolean {
  return existsSync(join(directory, "oci-layout")) && existsSync(join(directory, "index.json"));
}

/** Refuses with ModuleInvalid a layout that does not hold exactly one image. */
export function readLayout(directory: string): LayoutImage {
  const index = readJson<{ manifests?: Descriptor[] }>(join(directory, "index.json"));
  const [only, ...others] = index.manifests ?? [];
  if (only === undefined || others.length > 0)
    throw refuse(
      "ModuleInvalid",
      `${directory} holds ${others.length === 0 ? "no image" : "several images"}, expected one`,
    );
  const manifest = readJson<{ config: Descriptor; layers: Descriptor[] }>(blob(directory, only.digest));
  const image = readJson<{ config?: { User?: string } }>(blob(directory, manifest.config.digest));
  return {
    id: manifest.config.digest,
    manifest: only.digest,
    layers: manifest.layers.map(({ digest }) => digest),
    user: image.config?.User ?? "",
  };
}

/** Relative to the layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function blob(directory: string, digest: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return join(directory, blobPath(digest));
  throw refuse(
    "ModuleInvalid",
    `${digest} is no digest of a blob, expected sha256: and 64 hexadecimal digits`,
  );
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

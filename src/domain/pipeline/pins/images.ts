/** Which reviewed image builds or runs a module. Never an unpinned one: a version outside the table gets a known one. */
import type { PackageManager, Runtime } from "../../module/module-spec.ts";
import { imageTable, type PinnedImage, type RuntimeImages } from "./image-table.ts";

export { otherImages, type PinnedImage } from "./image-table.ts";

/** Runtimes whose images are ours to choose; a `container` module chooses its own. */
export type ImageRuntime = Exclude<Runtime, "container">;

export interface ImageRequest {
  runtime: ImageRuntime;
  /** As in a module's `runtimeVersion`; a patch level is more than the table tells apart. */
  version: string;
  role: "build" | "run";
  packageManager?: PackageManager;
}

export interface ChosenImage extends PinnedImage {
  /** `docker.io/library/node:24-slim@sha256:...`. */
  reference: string;
  /** The version of the table that was chosen. */
  version: string;
  /** Where it is another one than was asked for: which, and why. */
  note?: string;
}

const tables: Record<ImageRuntime, Record<string, RuntimeImages>> = imageTable;

/** The versions that the table knows, oldest first. */
export const imageVersions: Record<ImageRuntime, readonly string[]> = {
  node: versionsOf("node"),
  python: versionsOf("python"),
  go: versionsOf("go"),
  java: versionsOf("java"),
  dotnet: versionsOf("dotnet"),
};

/** The image for that version, else for the next newer one that is known, else for the newest. */
export function imageFor({ runtime, version, role, packageManager }: ImageRequest): ChosenImage {
  const chosen = nearestVersion(runtime, version);
  const images = tables[runtime][chosen];
  if (images === undefined) throw new Error(`no images of ${runtime} ${chosen}`);
  const image = role === "run" ? images.run : builder(images, packageManager);
  const isExact = sameVersion(chosen, version);
  return {
    ...image,
    reference: referenceOf(image),
    version: chosen,
    ...(isExact ? {} : { note: `${runtime} ${version} is no reviewed image; ${chosen} is used instead.` }),
  };
}

export function referenceOf({ name, tag, digest }: PinnedImage): string {
  return `${name}:${tag}@${digest}`;
}

function builder({ build }: RuntimeImages, packageManager: PackageManager | undefined): PinnedImage {
  return packageManager === "gradle" ? (build.gradle ?? build.default) : build.default;
}

function nearestVersion(runtime: ImageRuntime, version: string): string {
  const known = imageVersions[runtime];
  const newest = known.at(-1) ?? version;
  if (!/\d/.test(version)) return newest;
  const newer = known.find((candidate) => sameVersion(candidate, version) || compare(candidate, version) > 0);
  return newer ?? newest;
}

/** `3.13.5` is of 3.13 and `24.1.0` of 24; `8` is 8.0. */
function sameVersion(known: string, asked: string): boolean {
  const wanted = numbers(asked);
  return numbers(known).every((number, index) => number === (wanted[index] ?? 0));
}

function versionsOf(runtime: ImageRuntime): string[] {
  return Object.keys(tables[runtime]).toSorted(compare);
}

function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}

function numbers(version: string): number[] {
  return version
    .replace(/^[^0-9]*/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
}

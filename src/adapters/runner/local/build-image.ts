/**
 * The artifact of a module that is a container: its image, built once from its Dockerfile, as a directory
 * (OCI image layout). Times are fixed, so that the same commit on the same base gives the same bytes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../../../domain/module/module-spec.ts";
import type { PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { ReleaseTree } from "./artifact-tree.ts";
import { type RunPlace, runModuleStep, succeeded } from "./prepare-source.ts";
import { removeFolder } from "./private-folders.ts";
import { findProgram } from "./programs.ts";
import { searchPath } from "./step-environment.ts";

const buildSeconds = 30 * 60;
/** Its name inside the layout; what counts is the digest. */
const tag = "module";

/** Refuses with Unavailable where nothing on this host builds images. */
export async function imageTree(place: RunPlace): Promise<ReleaseTree> {
  const builder = ["buildah", "podman"].find((name) => findProgram(name, searchPath()) !== undefined);
  if (builder === undefined)
    throw refuse(
      "Unavailable",
      "The module is a container image, and neither buildah nor podman is on this host to build it.",
      "Install buildah from your system's packages, or run the worker on a host that has it.",
    );
  const layout = join(place.folder, "image");
  const name = `localhost/connectsoft-build:${place.request.commit.slice(0, 12)}-${process.pid}`;
  const run = async (step: PipelineStep) => (await runModuleStep(step, place)).report;
  try {
    for (const step of imageSteps(builder, name, layout)) {
      const report = await run(step);
      if (!succeeded(report)) return { status: "failed", step: report };
    }
  } finally {
    await run(stepOf("forget-image", [builder, "rmi", "--force", name], 60));
  }
  return { status: "ready", source: layout, leftOut: () => false, remove: () => removeFolder(layout) };
}

/** The digest of the one image in a layout. */
export function manifestIn(layout: string): string | undefined {
  const index: unknown = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const { manifests } = index as { manifests?: { digest?: unknown }[] };
  const digest = manifests?.length === 1 ? manifests[0]?.digest : undefined;
  return typeof digest === "string" ? digest : undefined;
}

/** Base images are fetched where this host does not have them. */
function imageSteps(builder: string, name: string, layout: string): PipelineStep[] {
  const fixed = ["--timestamp", "0", "--format", "oci", "--layers=false"];
  // Needs no container runtime, and no more rights than the worker has.
  const isolated = ["--isolation", "chroot"];
  return [
    stepOf("build-image", [builder, "build", ...fixed, ...isolated, "--tag", name, "."], buildSeconds),
    stepOf("keep-image", [builder, "push", "--quiet", name, `oci:${layout}:${tag}`], buildSeconds),
  ];
}

/** In no network namespace of its own: there the builder could not mount its storage. */
function stepOf(name: string, run: Command, timeoutSeconds: number): PipelineStep {
  return { name, run, timeoutSeconds, network: true };
}

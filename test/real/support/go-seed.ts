/** Go's standard library, compiled once for all suites of a run and kept in the user's cache folder for the next one. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { openGoSeeds } from "../../../src/adapters/runner/local/go-seeds.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";
import { systemClock } from "../../../src/ports/clock.ts";
import { cacheFolder } from "./cache-folder.ts";

export const goSeed = ["std"];

const folder = cacheFolder("test-go-seeds");

/** The root of a runner with `goSeed` that takes the common seed. */
export async function runnerRoot(root: string): Promise<string> {
  await mkdir(root, { recursive: true });
  await mkdir(folder, { recursive: true });
  await symlink(folder, join(root, "seeds"));
  return root;
}

/** Before the suites of a run begin: five of them would compile the same beside each other. */
export default async function setup(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = {
    "go.mod": "module example.com/any\n\ngo 1.22\n",
    "main.go": "package main\n\nfunc main() {}\n",
  };
  const module = inferModule({ files, paths: Object.keys(files), folderName: "any", overrides: {} });
  const model = modelFor({
    tenantId: "vetclinic-001",
    module,
    folder: "",
    targetBranch: "main",
    environments: [],
  });
  // Making a seed holds no process back from ending; this one has nothing else to do yet.
  const stay = setInterval(() => undefined, 60_000);
  await openGoSeeds(folder, { packages: goSeed, clock: systemClock }).make(model);
  clearInterval(stay);
}

/** Containers of real engines; one that is not installed, or whose daemon cannot run, is skipped with its reason. */
import { describe, test } from "vitest";
import { createContainerRuntime } from "../../../src/adapters/target/local/runtimes/container/container-runtime.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { noDocker } from "../support/docker.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";
import { runtimeCases } from "./runtime-cases.ts";

for (const name of ["podman", "docker"] as const) {
  const engine = await inspectEngine(name);
  if ("unusable" in engine) {
    const why = (name === "docker" ? noDocker() : undefined) ?? engine.unusable;
    describe(`${name} as a runtime`, () => test.skip(why, () => {}));
    continue;
  }
  runtimeCases(`${name} ${engine.version}`, async () => {
    await buildNodeImage(name);
    return {
      runtime: createContainerRuntime(),
      another: createContainerRuntime,
      image: nodeImage,
      engine: name,
      limitsMemory: engine.limits.enforced,
    };
  });
}

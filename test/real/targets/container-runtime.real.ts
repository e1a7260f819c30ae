/** Containers of real engines; one that is not installed, or whose daemon cannot run, is skipped with its reason. */
import { describe, expect, test } from "vitest";
import { createContainerRuntime } from "../../../src/adapters/target/local/runtimes/container/container-runtime.ts";
import { markerLabel } from "../../../src/adapters/target/local/runtimes/container/create-options.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { execute } from "../deployables/tools.ts";
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

  test(`containers of others that go while ${name} is asked hide none of ours`, async () => {
    await buildNodeImage(name);
    const marker = `going-${process.pid}`;
    const made = async (nth: number) =>
      (
        await execute(name, ["create", "--label", `${markerLabel}=${marker}-${nth}`, nodeImage, "node"])
      ).stdout.trim();
    const [stays = "", ...others] = await Promise.all(Array.from({ length: 12 }, (_, nth) => made(nth)));
    const { find } = createContainerRuntime();
    let going = true;
    const removed = (async () => {
      for (const one of others) await execute(name, ["rm", "--force", one]);
      going = false;
    })();
    try {
      while (going) expect([...(await find(marker)).keys()]).toContain(`${marker}-0`);
    } finally {
      await removed;
      await execute(name, ["rm", "--force", stays]);
    }
  });
}

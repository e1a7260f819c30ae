/** The target of containers behind its supervisor and router, on real engines. */
import { describe, test } from "vitest";
import { localTargetFixture } from "../../../src/adapters/target/local/local-target-fixture.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { quickProbes, targetConformance } from "../../../src/ports/target.conformance.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";

const quick = quickProbes("/health");
/** An engine takes a moment to say how a container ended: probes must not be quicker than that. */
const probes = { ...quick, readiness: { ...quick.readiness, periodSeconds: 0.5 } };
const engine = await inspectEngine("podman");

if ("unusable" in engine) describe("containers as a target", () => test.skip(engine.unusable, () => {}));
else
  targetConformance(`podman ${engine.version}`, async () => {
    await buildNodeImage("podman");
    const fixture = await localTargetFixture();
    return { ...fixture, target: fixture.targets.container, spec: { image: nodeImage, probes } };
  });

/** The target of containers behind its supervisor and router, on a real engine; skipped with the reason where that cannot run. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type LocalTargetFixture,
  localTargetFixture,
} from "../../../src/adapters/target/local/local-target-fixture.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import type { ContainerEngine } from "../../../src/domain/tenant/container-settings.ts";
import { targetConformance } from "../../../src/ports/target.conformance.ts";
import {
  forever,
  hostOf,
  quickProbes,
  releaseSpec,
  serve,
  start,
} from "../../../src/ports/target-samples.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";

const quick = quickProbes("/health");
/** An engine takes a moment to say how a container ended: probes must not be quicker than that. */
const probes = { ...quick, readiness: { ...quick.readiness, periodSeconds: 0.5 } };

export async function containerTargetCases(engine: ContainerEngine, missing?: string): Promise<void> {
  const found = await inspectEngine(engine);
  if ("unusable" in found) {
    describe(`containers of ${engine} as a target`, () => test.skip(missing ?? found.unusable, () => {}));
    return;
  }
  const wants = { image: nodeImage, engine, probes };
  targetConformance(`${engine} ${found.version}`, async () => {
    await buildNodeImage(engine);
    const fixture = await localTargetFixture();
    return { ...fixture, target: fixture.targets.container, spec: wants };
  });

  describe(`a module that insists on its port, in containers of ${engine}`, () => {
    let fixture: LocalTargetFixture;
    beforeAll(async () => {
      await buildNodeImage(engine);
      fixture = await localTargetFixture();
    });
    afterAll(() => fixture.dispose());

    test("runs several times at once, of two releases, and traffic moves between them", async () => {
      const stubborn = (greeting: string) =>
        fixture.artifact({
          "server.js": `require("node:http").createServer((_, response) => response.end(${JSON.stringify(greeting)})).listen(8080, "0.0.0.0");`,
        });
      const release = async (version: 1 | 2) =>
        releaseSpec({
          ...{ ...wants, moduleId: "stubborn", containerPort: 8080, replicas: 2 },
          ...{ artifact: await stubborn(`version ${version}`), releaseId: `release-00000${version}` },
        });
      const [one, two] = [await release(1), await release(2)];
      const target = fixture.targets.container;
      await serve(target, one);
      expect(await fixture.request(hostOf("stubborn"), "/")).toEqual({ status: 200, body: "version 1" });
      expect(await start(target, two)).toMatchObject({ state: "ready" });
      const instances = (await target.list(one)).flatMap(({ instances = [] }) => instances);
      expect(instances.map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
      const ports = instances.map(({ port }) => port);
      expect(new Set(ports).size).toBe(4);
      expect(ports).not.toContain(8080);
      await target.route(two, [{ releaseId: two.releaseId, weight: 100 }]);
      expect(await fixture.request(hostOf("stubborn"), "/")).toEqual({ status: 200, body: "version 2" });
      await target.verify(two, { windowMs: 0 }, forever());
      await target.retire(one);
      expect((await fixture.request(hostOf("stubborn"), "/")).body).toBe("version 2");
    });
  });
}

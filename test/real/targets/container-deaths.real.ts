/** kill -9 of what stands behind containers: the engine's watcher of one, and the supervisor of all. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type LocalTargetFixture,
  localTargetFixture,
} from "../../../src/adapters/target/local/local-target-fixture.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { supervisorStatus } from "../../../src/adapters/target/local/stop-supervisor.ts";
import {
  echoServer,
  hostOf,
  quickProbes,
  releaseSpec,
  serve,
  watch,
} from "../../../src/ports/target-samples.ts";
import { execute } from "../deployables/tools.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";

const watchers = { podman: "conmon", docker: "containerd-shim" };

for (const engine of ["podman", "docker"] as const) {
  const found = await inspectEngine(engine);
  const why = "unusable" in found ? found.unusable : "";
  describe.skipIf(why !== "")(`containers of ${engine}${why === "" ? "" : `: ${why}`}`, () => {
    let fixture: LocalTargetFixture;
    let artifact: string;
    beforeAll(async () => {
      await buildNodeImage(engine);
      fixture = await localTargetFixture();
      artifact = await fixture.artifact({ "server.js": echoServer });
    });
    afterAll(() => fixture.dispose());

    const release = (moduleId: string) => {
      const quick = quickProbes("/health");
      const probes = { ...quick, readiness: { ...quick.readiness, periodSeconds: 0.5 } };
      return releaseSpec({ artifact, moduleId, probes, image: nodeImage, engine });
    };
    const instanceOf = async (moduleId: string, target = fixture.targets.container) => {
      const [listed] = await target.list({ namespace: release(moduleId).namespace, moduleId });
      return listed?.instances?.[0];
    };
    const answer = (moduleId: string) =>
      fixture.request(hostOf(moduleId), "/").then(
        ({ status }) => status,
        () => 0,
      );

    test(`with its ${watchers[engine]} killed, a service that ends is seen to end and is brought back`, async () => {
      await serve(fixture.targets.container, release("watched"));
      const { pid = 0 } = (await instanceOf("watched")) ?? {};
      process.kill(watcherOf(pid, watchers[engine]), "SIGKILL");
      // conmon's containers run on, docker's end with their shim: either way it answers, now or again.
      await expect.poll(() => answer("watched"), { timeout: 30_000 }).toBe(200);
      await fixture.request(hostOf("watched"), "/crash").catch(() => undefined);
      await expect
        .poll(async () => (await instanceOf("watched"))?.restartCount, { timeout: 30_000 })
        .toBeGreaterThan(0);
      await expect.poll(() => answer("watched"), { timeout: 30_000 }).toBe(200);
      expect((await instanceOf("watched"))?.pid).not.toBe(pid);
    });

    test("with the supervisor killed they serve on, and the next one adopts them as they are", async () => {
      await serve(fixture.targets.container, release("kept"));
      expect(await answer("kept")).toBe(200);
      const before = await instanceOf("kept");
      const supervisor = (await supervisorStatus(fixture.directory))?.pid ?? 0;
      process.kill(supervisor, "SIGKILL");
      expect(await answer("kept")).toBe(200);
      const next = fixture.another();
      await expect
        .poll(async () => (await instanceOf("kept", next.container))?.state, { timeout: 30_000 })
        .toBe("ready");
      expect((await supervisorStatus(fixture.directory))?.pid).not.toBe(supervisor);
      const { pid, restartCount } = (await instanceOf("kept", next.container)) ?? {};
      expect({ pid, restartCount }).toEqual({ pid: before?.pid, restartCount: 0 });
      await fixture.request(hostOf("kept"), "/crash").catch(() => undefined);
      await expect
        .poll(async () => (await instanceOf("kept", next.container))?.restartCount, { timeout: 30_000 })
        .toBe(1);
    });

    test("a command that ends while no supervisor lives has its own exit code, and is not run again", async () => {
      const run = ["node", "-e", "console.log('begun'); setTimeout(() => process.exit(5), 2_000)"];
      const command = { id: "orphan", run, timeoutMs: 60_000 };
      const spec = release("orphaned");
      const begun = Promise.withResolvers<void>();
      const progress = (line: string) => line === "begun" && begun.resolve();
      const gone = new AbortController();
      const first = fixture.targets.container.run(spec, command, { signal: gone.signal, progress });
      first.catch(() => {});
      await begun.promise;
      gone.abort(new Error("nobody waits"));
      await fixture.targets.close();
      process.kill((await supervisorStatus(fixture.directory))?.pid ?? 0, "SIGKILL");
      const running = ["ps", "--quiet", "--filter", "name=connectsoft-orphaned"];
      expect((await execute(engine, running)).stdout).not.toBe("");
      await expect.poll(async () => (await execute(engine, running)).stdout, { timeout: 30_000 }).toBe("");

      const next = fixture.another().container;
      const lines: string[] = [];
      const result = await next.run(spec, command, watch(lines));
      expect(result).toMatchObject({ exitCode: 5, timedOut: false, output: "begun\n" });
      await expect(next.run(spec, command, watch())).resolves.toMatchObject({
        exitCode: 5,
        output: "begun\n",
      });
      const left = () => execute(engine, ["ps", "--all", ...running.slice(1)]);
      await expect.poll(async () => (await left()).stdout, { timeout: 30_000 }).toBe("");
    });
  });
}

/** The engine's process above the container's first one. */
function watcherOf(pid: number, name: string): number {
  const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  expect(readFileSync(`/proc/${parent}/comm`, "utf8")).toContain(name.slice(0, 15));
  return parent;
}

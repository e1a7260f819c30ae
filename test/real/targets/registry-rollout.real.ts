/** A delivery to an environment whose images go by a registry: away, closed, and there again, under a retry policy. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../../../src/adapters/database/embedded/start-embedded-postgres.ts";
import { migrate } from "../../../src/adapters/database/migrate.ts";
import { openPool } from "../../../src/adapters/database/open-database.ts";
import { get } from "../../../src/adapters/target/local/local-target-fixture.ts";
import { createLocalTargets, type LocalTargets } from "../../../src/adapters/target/local/local-targets.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { stopSupervisor, supervisorStatus } from "../../../src/adapters/target/local/stop-supervisor.ts";
import { environmentPolicySchema } from "../../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, host, names, place, type RuntimeRig } from "../../agents/runtime-rig.ts";
import { imageBuilder } from "./image-artifact.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";
import { login, noRegistry, startRegistry, type TestRegistry } from "./registry.ts";

const filesOf = (greeting: string) => ({
  Dockerfile: `FROM ${nodeImage}\nCOPY server.js /srv/server.js\nEXPOSE 8080\nCMD ["node", "/srv/server.js"]\n`,
  "server.js": `require("node:http")
    .createServer((_, response) => response.end(${JSON.stringify(greeting)}))
    .listen(process.env.PORT ?? 8080, "0.0.0.0");`,
});

const podman = await inspectEngine("podman");
const why = noRegistry !== "" ? noRegistry : "unusable" in podman ? podman.unusable : "";

describe.skipIf(why !== "")(`a rollout by a registry${why === "" ? "" : `: ${why}`}`, () => {
  let database: Awaited<ReturnType<typeof ownDatabase>>;
  let rig: RuntimeRig;
  let registry: TestRegistry;
  let builder: Awaited<ReturnType<typeof imageBuilder>>;
  let targets: LocalTargets;
  let directory: string;
  beforeAll(async () => {
    await buildNodeImage("podman");
    [database, registry, builder] = await Promise.all([
      ownDatabase(),
      startRegistry({ asksForLogin: true }),
      imageBuilder(),
    ]);
    rig = await createRuntimeRig({ database });
    directory = join(builder.place, "target");
  });
  afterAll(async () => {
    await targets?.container.dismantle({ namespace: "acme-production", moduleId: place.moduleId });
    await targets?.close();
    await stopSupervisor(directory);
    await Promise.all([rig.dispose(), registry.dispose(), builder.dispose()]);
  });

  const answer = async () => {
    const port = (await supervisorStatus(directory))?.routerPort ?? 0;
    return (await get(port, host, "/")).body;
  };

  test("is retried by policy while the registry is away, and what serves serves on", async () => {
    const [one, two] = [
      await builder.build("store", filesOf("one")),
      await builder.build("store", filesOf("two")),
    ];
    targets = createLocalTargets({ directory, artifacts: one.artifacts, routerPort: 0 });
    rig.ports.targetFor = (name) => targets[name];
    const behind = { address: registry.address, insecure: true, credentials: "REGISTRY_LOGIN" };
    rig.ports.runtimeOf = async () => ({ target: "container", engine: "podman", registry: behind });
    const rollout = { strategy: "recreate", retry: { limit: 2, backoff: "30s" } };
    rig.setPolicy(environmentPolicySchema.parse({ rollout }));
    const { tenantId, environment } = place;
    const scope = { tenantId, environment, moduleId: "deployment-orchestrator" };

    const first = rig.delivery("trace-1", "1.0.0", one.digest, { start: one.module.start });
    await first.approve();
    const closed = await first.deploy({ invocationId: "first" });
    expect(closed.outcome).toMatchObject({
      status: "Delayed",
      summary: expect.stringMatching(
        /REGISTRY_LOGIN.*connectsoft secret set REGISTRY_LOGIN .* --module deployment-orchestrator.*attempt 2 of 3/,
      ),
    });
    await rig.settings.setSecret(scope, "REGISTRY_LOGIN", login);
    rig.advance(30_000);
    expect(names((await first.deploy({ invocationId: "first" })).outcome)).toEqual(["DeploymentCompleted"]);
    expect(await answer()).toBe("one");

    const next = rig.delivery("trace-2", "1.1.0", two.digest, { start: two.module.start });
    await next.approve();
    await registry.stop();
    const away = await next.deploy({ invocationId: "next" });
    expect(away.outcome).toMatchObject({
      status: "Delayed",
      summary: expect.stringMatching(
        /cannot be pushed as .*connection refused.*attempt 2 of 3 begins in 30 s/,
      ),
    });
    const [progressed] = away.context.announced.filter(({ name }) => name === "RolloutProgressed");
    expect(progressed?.data).toMatchObject({ reasons: [{ code: "RegistryUnavailable" }] });
    // Recreated, and yet: the image is fetched before the old version ends for it.
    expect(await answer()).toBe("one");
    await registry.start();
    rig.advance(30_000);
    expect(names((await next.deploy({ invocationId: "next" })).outcome)).toEqual(["DeploymentCompleted"]);
    expect(await answer()).toBe("two");
    const [, password = ""] = login.split(":");
    expect(JSON.stringify([first.events, first.memory, next.events, next.memory])).not.toContain(password);
  });
});

async function ownDatabase() {
  const directory = await mkdtemp(join(tmpdir(), "registry-rollout-"));
  // As root the server runs under another account, which must be able to pass.
  await chmod(directory, 0o711);
  const server = await startEmbeddedPostgres({ dataDirectory: directory, log: () => {} });
  const pool = openPool(server.url, { max: 10, applicationName: "registry-rollout" });
  await migrate(pool);
  return {
    pool,
    url: server.url,
    async drop() {
      await pool.end();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

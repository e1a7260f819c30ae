/** Images that go by a real registry: pushed as they were built, run by digest, and the registry away, changed or closed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type LocalTargetFixture,
  localTargetFixture,
} from "../../../src/adapters/target/local/local-target-fixture.ts";
import { createLocalTargets, type LocalTargets } from "../../../src/adapters/target/local/local-targets.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { readLayout } from "../../../src/adapters/target/local/runtimes/container/oci-layout.ts";
import { stopSupervisor } from "../../../src/adapters/target/local/stop-supervisor.ts";
import { signImage } from "../../../src/domain/supply-chain/image-signature.ts";
import type { ReleaseSpec } from "../../../src/ports/target.ts";
import { echoServer, hostOf, releaseSpec, serve, start } from "../../../src/ports/target-samples.ts";
import { findCosign } from "../../support/cosign.ts";
import { createTestSigner } from "../../support/votes.ts";
import { execute } from "../deployables/tools.ts";
import { type ImageArtifact, imageBuilder } from "./image-artifact.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";
import { login, noRegistry, startRegistry, type TestRegistry } from "./registry.ts";

const filesOf = (greeting: string) => ({
  Dockerfile: `FROM ${nodeImage}\nCOPY server.js /srv/server.js\nEXPOSE 8080\nCMD ["node", "/srv/server.js"]\n`,
  "server.js": `require("node:http").createServer((request, response) => {
    if (request.url === "/crash") process.exit(7);
    if (request.url === "/variables") return response.end(JSON.stringify(process.env));
    response.end(${JSON.stringify(greeting)});
  }).listen(process.env.PORT ?? 8080, "0.0.0.0");`,
});

const overHttp = ["--allow-insecure-registry", "--allow-http-registry"];
const cosign = findCosign();

async function tagsOf(address: string, moduleId: string): Promise<string[]> {
  const [host, folder] = address.split("/");
  const answer = await fetch(`http://${host}/v2/${folder}/${moduleId}/tags/list`);
  return ((await answer.json()) as { tags: string[] }).tags;
}

/** Its path without the endings `.key` and `.pub`. */
async function cosignKey(folder: string): Promise<string> {
  const prefix = join(folder, "stranger");
  const env = { ...process.env, COSIGN_PASSWORD: "" };
  await execute(cosign ?? "", ["generate-key-pair", "--output-key-prefix", prefix], { env });
  return prefix;
}

const builderMissing = await inspectEngine("podman");

for (const engine of ["podman", "docker"] as const) {
  const found = await inspectEngine(engine);
  const why = [
    noRegistry,
    "unusable" in builderMissing ? builderMissing.unusable : "",
    "unusable" in found ? found.unusable : "",
  ].find((reason) => reason !== "");
  describe.skipIf(why !== undefined)(`a registry and ${engine}${why === undefined ? "" : `: ${why}`}`, () => {
    let builder: Awaited<ReturnType<typeof imageBuilder>>;
    let registry: TestRegistry;
    let directory: string;
    let targets: LocalTargets;
    let fixture: LocalTargetFixture;
    const versions: ImageArtifact[] = [];

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "registry-target-"));
      // The builder takes its base from podman's images.
      await buildNodeImage("podman");
      registry = await startRegistry();
      builder = await imageBuilder();
      fixture = await localTargetFixture();
      for (const greeting of ["one", "two"]) versions.push(await builder.build("store", filesOf(greeting)));
      const [{ artifacts } = expect.fail()] = versions;
      targets = createLocalTargets({ directory, artifacts, routerPort: 0 });
    });
    afterAll(async () => {
      for (const moduleId of new Set(modules)) await targets.container.dismantle({ namespace, moduleId });
      await targets?.close();
      await stopSupervisor(directory);
      await rm(directory, { recursive: true, force: true });
      await fixture?.dispose();
      await builder?.dispose();
      await registry?.dispose();
    });

    const modules: string[] = [];
    const { namespace } = releaseSpec({ artifact: "" });
    const release = (moduleId: string, version: 1 | 2, more: Partial<ReleaseSpec> = {}): ReleaseSpec => {
      const { digest, module } = versions[version - 1] ?? expect.fail();
      modules.push(moduleId);
      return releaseSpec({
        ...{ artifact: digest, moduleId, start: module.start, engine },
        ...{ releaseId: `release-00000${version}`, version: `${version}.0.0` },
        registry: { address: registry.address, insecure: true },
        ...more,
      });
    };
    const layout = (version: 1 | 2) => readLayout((versions[version - 1] ?? expect.fail()).directory);
    const answer = async (moduleId: string, path = "/") => {
      const live = (await targets.container.list({ namespace, moduleId })).find(({ traffic }) => traffic);
      return await fetch(`http://127.0.0.1:${live?.port}${path}`).then(
        (response) => response.text(),
        () => "nothing",
      );
    };
    /** As a host that never had it. */
    const forget = async (moduleId: string) => {
      await targets.container.dismantle({ namespace, moduleId });
      const images = ["image", "ls", "--quiet", "--no-trunc", "--filter", "reference=127.0.0.1*/**"];
      expect((await execute(engine, images)).stdout).toBe("");
    };

    test("an image is pushed as it was built, once, run by its digest, and upgraded", async () => {
      const lines: string[] = [];
      const first = release("pictures", 1);
      const reference = `${registry.address}/pictures@${layout(1).manifest}`;
      await start(targets.container, first, lines);
      await serve(targets.container, first);
      expect(lines).toEqual(expect.arrayContaining([`pushed ${reference}`, `pulled ${reference}`]));
      expect(await answer("pictures")).toBe("one");
      expect(JSON.parse(await registry.read(layout(1).manifest)).config.digest).toBe(layout(1).id);
      const ran = await execute(engine, ["ps", "--no-trunc", "--format", "{{.Image}}"]);
      expect(ran.stdout).toContain(reference);

      await serve(targets.container, release("pictures", 2));
      expect(await answer("pictures")).toBe("two");
      await forget("pictures");
      const again: string[] = [];
      await start(targets.container, first, again);
      expect(again.filter((line) => /^(pushed|pulled)/.test(line))).toEqual([`pulled ${reference}`]);
      await forget("pictures");
    });

    test("its signature stands beside it, where cosign finds and verifies it, and others' signatures stay", async () => {
      const { manifest } = layout(1);
      const name = `${registry.address}/signed`;
      const signer = createTestSigner();
      const imageSignature = await signImage(manifest, (payload) => signer.sign("acme", payload));
      const first = release("signed", 1, { imageDigest: manifest, imageSignature });
      await start(targets.container, first);
      const [{ publicKey } = expect.fail()] = await signer.keys("acme");
      expect(await tagsOf(registry.address, "signed")).toEqual([`${manifest.replace(":", "-")}.sig`]);
      if (cosign === undefined) return;
      const key = join(directory, "tenant.pub");
      await writeFile(key, publicKey);
      const stranger = await cosignKey(directory);
      const verify = (by: string) =>
        execute(cosign, [
          "verify",
          "--key",
          by,
          ...overHttp,
          "--insecure-ignore-tlog=true",
          `${name}@${manifest}`,
        ]);
      expect((await verify(key)).stdout).toContain(manifest);
      await expect(verify(`${stranger}.pub`)).rejects.toThrow(/no matching signatures|no signatures found/);
      // Somebody else signs it as well, the host forgets it and gets it again: both signatures are there.
      const env = { ...process.env, COSIGN_PASSWORD: "" };
      const sign = [
        "sign",
        "--key",
        `${stranger}.key`,
        "--tlog-upload=false",
        "--yes",
        ...overHttp,
        `${name}@${manifest}`,
      ];
      await execute(cosign, sign, { env });
      await forget("signed");
      await start(targets.container, first);
      expect((await verify(key)).stdout).toContain(manifest);
      expect((await verify(`${stranger}.pub`)).stdout).toContain(manifest);
      await forget("signed");
    });

    test("an image that is not the approved one is not started, whatever the artifact says", async () => {
      const { manifest } = layout(2);
      await expect(
        start(targets.container, release("other", 1, { imageDigest: manifest })),
      ).rejects.toMatchObject({
        refusal: { code: "DigestMismatch", message: expect.stringContaining("was approved") },
      });
      await forget("other");
    });

    test("with its registry away the old version serves and is started again, and the new one follows later", async () => {
      await serve(targets.container, release("away", 1));
      await registry.stop();
      try {
        await expect(start(targets.container, release("away", 2))).rejects.toMatchObject({
          refusal: {
            code: "RegistryUnavailable",
            message: expect.stringMatching(/cannot be pushed as 127\.0\.0\.1:.*connection refused/),
            next: expect.stringContaining("container.registry"),
          },
        });
        await expect(targets.container.requireRoom(release("away", 2))).rejects.toMatchObject({
          refusal: { code: "RegistryUnavailable" },
        });
        expect(await answer("away")).toBe("one");
        await answer("away", "/crash");
        await expect.poll(() => answer("away"), { timeout: 30_000 }).toBe("one");
      } finally {
        await registry.start();
      }
      await serve(targets.container, release("away", 2));
      expect(await answer("away")).toBe("two");
      await forget("away");
    });

    test("a manifest or a layer that somebody changed in the registry is refused, and what serves serves on", async () => {
      await serve(targets.container, release("changed", 1));
      const bytes = await start(targets.container, release("changed", 2));
      expect(bytes.state).toBe("ready");
      await targets.container.dismantle({ namespace, moduleId: "changed" });
      await serve(targets.container, release("changed", 1));

      const { manifest, layers } = layout(2);
      const kept = await registry.read(manifest);
      await registry.tamper(manifest, await registry.read(layout(1).manifest));
      await expect(start(targets.container, release("changed", 2))).rejects.toMatchObject({
        refusal: { code: "DigestMismatch", message: expect.stringContaining("another manifest") },
      });
      await registry.tamper(manifest, kept);
      const layer = layers.at(-1) ?? "";
      await registry.tamper(layer, "other bytes");
      await expect(start(targets.container, release("changed", 2))).rejects.toMatchObject({
        refusal: { code: "DigestMismatch", next: expect.stringContaining("delete it from the registry") },
      });
      expect(await answer("changed")).toBe("one");
      await registry.remove(layer);
      await serve(targets.container, release("changed", 2));
      expect(await answer("changed")).toBe("two");
      await forget("changed");
    });

    test("a registry that asks for a login gets it from a secret that the service and the disk do not see", async () => {
      const closed = await startRegistry({ asksForLogin: true });
      try {
        const target = targets.container;
        const behind = { address: closed.address, insecure: true };
        const named = { registry: { ...behind, credentials: "REGISTRY_LOGIN" } };
        await expect(start(target, release("closed", 1, { registry: behind }))).rejects.toMatchObject({
          refusal: {
            code: "RegistryUnavailable",
            message: expect.stringMatching(/unauthorized|authentication/),
          },
        });
        await expect(start(target, release("closed", 1, named))).rejects.toMatchObject({
          refusal: { code: "SecretsMissing", message: expect.stringContaining("REGISTRY_LOGIN") },
        });
        await expect(
          start(target, release("closed", 1, { ...named, registryLogin: "acme:wrong" })),
        ).rejects.toMatchObject({ refusal: { code: "RegistryUnavailable" } });
        await serve(target, release("closed", 1, { ...named, registryLogin: login }));
        expect(await answer("closed")).toBe("one");
        const [, password = ""] = login.split(":");
        expect(await answer("closed", "/variables")).not.toContain(password);
        await expect(execute("grep", ["-rl", password, directory])).rejects.toMatchObject({ code: 1 });
        // Another login is no other release.
        await serve(target, release("closed", 1, { ...named, registryLogin: "acme:another" }));
        await forget("closed");

        const base = `${closed.address}/base:1`;
        await execute("podman", ["push", "--quiet", "--tls-verify=false", "--creds", login, nodeImage, base]);
        const artifact = await fixture.artifact({ "server.js": echoServer });
        const own = releaseSpec({ artifact, moduleId: "based", image: base, engine });
        const other = fixture.targets.container;
        const absent = `${closed.address.split("/")[0]}/nobody/has:1`;
        await expect(start(other, { ...own, image: absent })).rejects.toMatchObject({
          refusal: { code: "RegistryUnavailable", message: expect.stringContaining(absent) },
        });
        await serve(other, { ...own, ...named, registryLogin: login });
        expect(await fixture.request(hostOf("based"), "/")).toEqual({ status: 200, body: "hello" });
        await other.dismantle(own);
        await execute(engine, ["rmi", base]);
      } finally {
        await closed.dispose();
      }
    });
  });
}

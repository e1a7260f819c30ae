/** A module that is a container: built once to an artifact, the same bytes again, and run from there by each engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLocalTargets } from "../../../src/adapters/target/local/local-targets.ts";
import { createContainerRuntime } from "../../../src/adapters/target/local/runtimes/container/container-runtime.ts";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";
import { stopSupervisor } from "../../../src/adapters/target/local/stop-supervisor.ts";
import { releaseSpec, start } from "../../../src/ports/target-samples.ts";
import { execute } from "../deployables/tools.ts";
import { noDocker } from "../support/docker.ts";
import { type ImageArtifact, imageBuilder } from "./image-artifact.ts";
import { buildNodeImage, nodeImage } from "./node-image.ts";

const files = {
  Dockerfile: [
    `FROM ${nodeImage}`,
    "COPY server.js /srv/server.js",
    "USER 1000",
    "EXPOSE 8080",
    'CMD ["node", "/srv/server.js"]',
    "",
  ].join("\n"),
  "server.js": `require("node:http")
    .createServer((_, response) => response.end("as " + process.getuid()))
    .listen(process.env.PORT ?? 8080, "0.0.0.0");`,
};

const podman = await inspectEngine("podman");

describe.skipIf("unusable" in podman)("a module that is a container", () => {
  let builder: Awaited<ReturnType<typeof imageBuilder>>;
  let place: string;
  beforeAll(async () => {
    await buildNodeImage("podman");
    builder = await imageBuilder();
    place = builder.place;
  });
  afterAll(() => builder.dispose());

  const built = (name: string) => builder.build(name, files);

  test("its artifact is its image, the same bytes each time, and runs as the user that it names", async (context) => {
    const [one, two] = [await built("one"), await built("two")];
    expect(two.digest).toBe(one.digest);
    expect(JSON.parse(await readFile(join(one.directory, "oci-layout"), "utf8"))).toEqual({
      imageLayoutVersion: "1.0.0",
    });
    for (const engine of ["podman", "docker"] as const) {
      const missing = engine === "docker" ? noDocker() : undefined;
      if (missing !== undefined) context.annotate(missing);
      else {
        expect(await answerOf(engine, one)).toBe("as 1000");
        expect(await imageOf(engine, one.digest)).toMatch(/^(sha256:)?[0-9a-f]{64}$/);
        await createContainerRuntime().discard?.(one.directory);
        expect(await imageOf(engine, one.digest)).toBeUndefined();
      }
    }
  });

  test("its image goes with the last release that was made of it", async () => {
    const { module, digest, artifacts } = await built("three");
    const directory = join(place, "target");
    const targets = createLocalTargets({ directory, artifacts, routerPort: 0 });
    const release = (moduleId: string) =>
      releaseSpec({ artifact: digest, moduleId, start: module.start, engine: "podman" });
    try {
      for (const moduleId of ["one", "two"])
        expect((await start(targets.container, release(moduleId))).state).toBe("ready");
      await targets.container.dismantle(release("one"));
      expect(await imageOf("podman", digest)).toBeDefined();
      await targets.container.dismantle(release("two"));
      expect(await imageOf("podman", digest)).toBeUndefined();
    } finally {
      await targets.close();
      await stopSupervisor(directory);
    }
  });

  function imageOf(engine: "podman" | "docker", digest: string): Promise<string | undefined> {
    const name = `localhost/connectsoft-artifact:${digest.replace(":", "-")}`;
    return execute(engine, ["image", "inspect", "--format", "{{.Id}}", name]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  }

  async function answerOf(engine: "podman" | "docker", { module, directory }: ImageArtifact) {
    const runtime = createContainerRuntime();
    const port = await freePort(new Set());
    const launch = {
      ...{ marker: `${place}|acme-test/pictures/${engine}#0`, namespace: "acme-test", moduleId: "pictures" },
      ...{ directory, command: module.start, port, limits: {}, folder: join(place, engine), engine },
      environment: { PORT: String(port) },
    };
    const ended: unknown[] = [];
    const instance = await runtime.launch(launch, (...how) => ended.push(how));
    if (instance === undefined) throw new Error(`not started: ${JSON.stringify(ended)}`);
    try {
      const ask = () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          (response) => response.text(),
          () => "nothing",
        );
      await expect.poll(ask).not.toBe("nothing");
      return await ask();
    } finally {
      await instance.end(0);
    }
  }
});

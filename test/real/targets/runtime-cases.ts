/** What every runtime of instances does, tried with real instances: launched, followed, found again, ended. */
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outputFiles } from "../../../src/adapters/target/local/runtimes/log-files.ts";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";
import { isAlive } from "../../../src/adapters/target/local/runtimes/process/process-identity.ts";
import type {
  Exit,
  Instance,
  InstanceRuntime,
  Launch,
} from "../../../src/adapters/target/local/runtimes/runtime.ts";
import { withSecretFiles } from "../../../src/adapters/target/local/runtimes/secret-files.ts";
import type { ContainerEngine } from "../../../src/domain/tenant/container-settings.ts";

export interface RuntimeSubject {
  runtime: InstanceRuntime;
  /** As another supervisor would have it. */
  another(): InstanceRuntime;
  image?: string;
  engine?: ContainerEngine;
  /** Whether a limit of memory really holds here. */
  limitsMemory: boolean;
}

export interface Launched {
  instance: Instance;
  launch: Launch;
  exit: Promise<Exit & { cannotStart?: string }>;
  output(): Promise<string>;
}

const server = `
const http = require("node:http");
console.log("up as", process.getuid());
console.error("and on stderr");
process.on("SIGTERM", () => { console.log("asked to end"); process.exit(0); });
http.createServer((request, response) => {
  if (request.url === "/exit") process.exit(7);
  if (request.url === "/leak") { const held = []; for (;;) held.push(Buffer.alloc(8e6, 1)); }
  if (request.url === "/write") {
    const tried = ["/app/x", "/etc/x", "/tmp/x", __dirname + "/x"].map((path) => {
      try { require("node:fs").writeFileSync(path, ""); return path + " written"; } catch (error) { return path + " " + error.code; }
    });
    return response.end(JSON.stringify(tried));
  }
  if (request.url === "/secret") {
    const fs = require("node:fs"), path = process.env.TLS_KEY_FILE;
    let written = "written";
    try { fs.writeFileSync(path, "x"); } catch (error) { written = error.code; }
    return response.end(JSON.stringify({ path, text: fs.readFileSync(path, "utf8"), written, variable: process.env.TLS_KEY }));
  }
  if (request.url === "/environment") return response.end(JSON.stringify(process.env));
  response.end("hello");
}).listen(process.env.PORT, process.env.HOST ?? "127.0.0.1");
`;
const stubborn = `process.on("SIGTERM", () => console.log("no")); console.log("up"); setInterval(() => {}, 1000);`;

export function runtimeCases(name: string, create: () => Promise<RuntimeSubject>): void {
  describe(`${name} as a runtime`, () => {
    let subject: RuntimeSubject;
    let root: string;
    const running: Instance[] = [];
    beforeAll(async () => {
      subject = await create();
      root = await mkdtemp(join(tmpdir(), "runtime-"));
    });
    afterAll(async () => {
      await Promise.all(running.map((instance) => instance.end(0)));
      await rm(root, { recursive: true, force: true });
    });

    async function launchOf(script: string, more: Partial<Launch> = {}): Promise<Launch> {
      const key = randomUUID().slice(0, 8);
      const directory = join(root, key);
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, "server.js"), script);
      const port = await freePort(new Set());
      return {
        marker: `${root}|acme-test/echo/${key}#0`,
        namespace: "acme-test",
        moduleId: "echo",
        directory,
        command: ["node", "server.js"],
        port,
        limits: {},
        folder: join(root, `${key}-log`),
        ...(subject.image === undefined ? {} : { image: subject.image }),
        ...(subject.engine === undefined ? {} : { engine: subject.engine }),
        ...more,
        environment: { PORT: String(port), ...more.environment },
      };
    }

    async function start(script: string, more: Partial<Launch> = {}): Promise<Launched> {
      const launch = await launchOf(script, more);
      const { promise: exit, resolve } = Promise.withResolvers<Exit & { cannotStart?: string }>();
      const instance = await subject.runtime.launch(launch, (how, cannotStart) =>
        resolve({ ...how, ...(cannotStart === undefined ? {} : { cannotStart }) }),
      );
      if (instance === undefined) throw new Error(`not started: ${JSON.stringify(await exit)}`);
      running.push(instance);
      const output = async () => {
        const files = outputFiles(launch.folder).map((file) => readFile(join(launch.folder, file), "utf8"));
        return (await Promise.all(files)).join("");
      };
      return { instance, launch, exit, output };
    }

    const ask = (launch: Launch, path: string) =>
      fetch(`http://127.0.0.1:${launch.port}${path}`, { signal: AbortSignal.timeout(5_000) });
    const answers = (launch: Launch) =>
      expect
        .poll(() =>
          ask(launch, "/").then(
            (response) => response.status,
            () => 0,
          ),
        )
        .toBe(200);

    test("it serves on its port, and what it prints is in its log", async () => {
      const { launch, output, instance } = await start(server);
      await answers(launch);
      // Two pipes, so either may come first.
      await expect.poll(output).toMatch(/up as \d+/);
      await expect.poll(output).toContain("and on stderr");
      await expect.poll(() => instance.usage()?.processes).toBeGreaterThan(0);
      expect(instance.usage()?.memoryBytes).toBeGreaterThan(1_000_000);
    });

    test("its variables reach it as they are, and no other command line holds them", async () => {
      const values = { SECRET_NOTE: "first\nsecond 'line' $HOME", PLAIN: ' "quoted" %h #1 \\n', EMPTY: "" };
      const { launch } = await start(server, { environment: values });
      await answers(launch);
      expect(await (await ask(launch, "/environment")).json()).toMatchObject(values);
    });

    test("a secret that it wants as a file is there byte for byte, cannot be written, and is in no variable", async () => {
      const TLS_KEY = "-----BEGIN KEY-----\nüñ漢 'quoted' $HOME\n-----END KEY-----\n";
      const bare = await launchOf(server);
      const given = withSecretFiles({ TLS_KEY }, ["TLS_KEY"], bare.folder);
      const { launch } = await start(server, { folder: bare.folder, ...given });
      await answers(launch);
      const said = (await (await ask(launch, "/secret")).json()) as Record<string, string>;
      expect(said).toEqual({
        path: given.environment.TLS_KEY_FILE,
        text: TLS_KEY,
        written: expect.stringMatching(/EACCES|EROFS|EPERM/),
      });
    });

    test("it can write nowhere but to its temporary folder", async () => {
      const { launch } = await start(server);
      await answers(launch);
      const tried = (await (await ask(launch, "/write")).json()) as string[];
      expect(tried.filter((one) => one.endsWith("written"))).toEqual(["/tmp/x written"]);
    });

    test("its exit code is told", async () => {
      const { launch, exit } = await start(server);
      await answers(launch);
      await ask(launch, "/exit").catch(() => undefined);
      expect(await exit).toEqual({ code: 7, signal: null });
    });

    test("a command that ends at once has its exit code and its output", async () => {
      const { exit, output } = await start("console.log('no luck'); process.exit(3);");
      expect(await exit).toEqual({ code: 3, signal: null });
      expect(await output()).toContain("no luck");
    });

    test("a program that is not there is named", async () => {
      const launch = await launchOf(server, { command: ["nothing-of-that-name"] });
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      await subject.runtime.launch(launch, (_, cannotStart) => resolve(cannotStart));
      expect(await promise).toContain("nothing-of-that-name");
    });

    test("asked to end it ends by itself, and one that does not is ended after its grace", async () => {
      const [willing, unwilling] = [await start(server), await start(stubborn)];
      await answers(willing.launch);
      await expect.poll(unwilling.output).toContain("up");
      await Promise.all([willing.instance.end(10_000), unwilling.instance.end(300)]);
      expect(await willing.exit).toMatchObject({ code: 0 });
      expect(await willing.output()).toContain("asked to end");
      expect(await unwilling.exit).toMatchObject({ signal: "SIGKILL" });
      expect(await unwilling.output()).toContain("no");
    });

    test("beyond its memory it is ended, and the reason is told", async (context) => {
      if (!subject.limitsMemory) return context.skip("no limit of memory holds for this runtime here");
      const { launch, exit } = await start(server, { limits: { memoryBytes: 150_000_000 } });
      await answers(launch);
      await ask(launch, "/leak").catch(() => undefined);
      expect(await exit).toMatchObject({ code: null, because: expect.stringContaining("memory") });
    });

    test("let go, it serves on; the next supervisor finds it, adopts it and sees its end", async () => {
      const { launch, instance } = await start(server);
      await answers(launch);
      instance.letGo();
      const next = subject.another();
      const found = (await next.find(`${root}|acme-test/echo/`)).get(launch.marker);
      expect(found).toEqual(instance.identity);
      const { promise, resolve } = Promise.withResolvers<Exit>();
      const adopted = await next.adopt(instance.identity, launch, resolve);
      expect(adopted?.identity).toEqual(instance.identity);
      await answers(launch);
      await ask(launch, "/exit").catch(() => undefined);
      expect(await promise).toMatchObject({ code: 7 });
      // Its end is told before it is tidied up.
      await expect.poll(() => next.adopt(instance.identity, launch, () => {})).toBeUndefined();
    });

    test("an orphan is found by its marker, and killed", async () => {
      const { launch, instance } = await start(stubborn);
      instance.letGo();
      const next = subject.another();
      const orphan = (await next.find(launch.marker)).get(launch.marker);
      if (orphan === undefined) throw new Error("not found");
      await next.kill(orphan);
      expect(isAlive(orphan)).toBe(false);
      expect((await next.find(launch.marker)).size).toBe(0);
    });

    test("a command beside it has its directory and variables, its output and its exit code", async () => {
      const launch = await launchOf(server, {
        command: [
          "node",
          "-e",
          "console.log(process.env.NOTE, require('node:fs').existsSync('server.js')); process.exit(4)",
        ],
        environment: { NOTE: "given" },
      });
      const chunks: Buffer[] = [];
      const options = { signal: new AbortController().signal, output: (chunk: Buffer) => chunks.push(chunk) };
      expect(await subject.runtime.exec(launch, { timeoutMs: 20_000, ...options })).toMatchObject({
        code: 4,
        timedOut: false,
      });
      expect(Buffer.concat(chunks).toString()).toContain("given true");
      const endless = {
        ...launch,
        marker: `${launch.marker}1`,
        command: ["node", "-e", "setInterval(() => {}, 1000)"],
      };
      expect(await subject.runtime.exec(endless, { timeoutMs: 2_000, ...options })).toMatchObject({
        code: null,
        timedOut: true,
      });
      expect((await subject.runtime.find(endless.marker)).size).toBe(0);
    });
  });
}

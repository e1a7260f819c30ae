import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outputTail } from "../read-output.ts";
import { type ProcessFixture, processFixture } from "./process-runtime-fixture.ts";

let fixture: ProcessFixture;
beforeAll(async () => {
  fixture = await processFixture();
});
afterAll(() => fixture.dispose());

const isRoot = process.getuid?.() === 0;
const forever = "setInterval(() => {}, 1000);";

test("a service runs in its release directory, with what it was given and folders of its own", async () => {
  const { launch, output } = await fixture.run(
    `console.log(JSON.stringify({ cwd: process.cwd(), greeting: process.env.GREETING, home: process.env.HOME, tmp: require("node:os").tmpdir() })); ${forever}`,
    { environment: { GREETING: "hello world" } },
  );
  await expect.poll(output).toContain("hello world");
  const home = join(launch.folder, "home");
  expect(JSON.parse(await output())).toEqual({
    cwd: launch.directory,
    greeting: "hello world",
    home,
    tmp: join(home, "tmp"),
  });
});

test("how a service ends is told", async () => {
  const { exit } = await fixture.run("process.exit(3)");
  expect(await exit).toEqual({ code: 3, signal: null });
});

test("a command that is not there is named", async () => {
  const launch = await fixture.launchOf({}, { command: ["no-such-program"] });
  let told: string | undefined;
  const instance = await fixture.runtime.launch(launch, (_exit, cannotStart) => {
    told = cannotStart;
  });
  expect(instance).toBeUndefined();
  expect(told).toContain("its command no-such-program was not found");
});

test("a service cannot write into its own release", async () => {
  const { launch, exit, output } = await fixture.run(
    `require("node:fs").writeFileSync("service.js", "changed")`,
  );
  expect((await exit).code).toBe(1);
  expect(await output()).toMatch(/EROFS|EACCES/);
  expect(await readFile(join(launch.directory, "service.js"), "utf8")).toContain("writeFileSync");
});

test.runIf(isRoot)("a link from an open folder into a closed one is followed for the service", async () => {
  const launch = await fixture.launchOf({ "service.js": `console.log("reached", __filename); ${forever}` });
  const link = `${fixture.root}-link`;
  await symlink(launch.directory, link);
  const linked = { ...launch, directory: link };
  const instance = await fixture.runtime.launch(linked, () => {});
  await expect.poll(() => outputTail(launch.folder)).toContain("reached");
  expect(fixture.runtime.enforcement(linked)[0]).toMatchObject({ limit: "user", enforced: true });
  await instance?.end(0);
  await rm(link);
});

test("an instance is found by its marker, adopted and ended", async () => {
  const { launch, instance } = await fixture.run(forever);
  const found = async () => (await fixture.runtime.find(launch.marker)).get(launch.marker);
  // Until its program has begun, a process looks like its parent.
  await expect.poll(found, { interval: 1 }).toEqual(instance.identity);
  instance.letGo();
  const ended = Promise.withResolvers<void>();
  const adopted = await fixture.runtime.adopt(instance.identity, launch, () => ended.resolve());
  await expect.poll(() => adopted?.usage()?.processes).toBe(1);
  await adopted?.end(5_000);
  await ended.promise;
  expect((await fixture.runtime.find(launch.marker)).size).toBe(0);
});

test("a command runs beside the instances, tells its output and its exit code", async () => {
  const launch = await fixture.launchOf(
    {},
    { command: ["node", "-e", "console.log('done'); process.exit(4)"] },
  );
  let output = "";
  const result = await fixture.runtime.exec(launch, {
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    output: (chunk) => {
      output += chunk.toString();
    },
  });
  expect(result).toEqual({ code: 4, signal: null, timedOut: false });
  expect(output).toBe("done\n");
});

test("a command beside a running instance has its directory, its user and its folders", async () => {
  const look = `console.log(process.cwd(), process.getuid?.(), process.env.HOME, require("node:fs").readdirSync(process.env.HOME).join())`;
  const { launch, output } = await fixture.run(`${look}; ${forever}`);
  await expect.poll(output).not.toBe("");
  let seen = "";
  await fixture.runtime.exec(
    { ...launch, command: ["node", "-e", look] },
    {
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      output: (chunk) => (seen += chunk.toString()),
    },
  );
  expect(seen).toBe(await output());
});

test("a command that is over its time is ended with everything that it began", async () => {
  const launch = await fixture.launchOf({}, { command: ["sh", "-c", "setsid sleep 1000 & sleep 1000"] });
  const options = { timeoutMs: 300, signal: new AbortController().signal, output: () => {} };
  expect(await fixture.runtime.exec(launch, options)).toMatchObject({ timedOut: true, signal: "SIGKILL" });
});

test.runIf(isRoot)("each namespace has a user of its own, which stays the same", async () => {
  const source = `console.log(process.getuid(), process.getgid(), process.getgroups().join()); ${forever}`;
  const first = await fixture.run(source);
  const second = await fixture.run(source);
  const other = await fixture.run(source, { namespace: "other-dev" });
  for (const { output } of [first, second, other]) await expect.poll(output).not.toBe("");
  expect(await first.output()).toBe(await second.output());
  expect(await other.output()).not.toBe(await first.output());
  const [uid, gid, groups] = (await first.output()).trim().split(" ");
  expect(Number(uid)).toBeGreaterThanOrEqual(50_000);
  expect([gid, groups]).toEqual([uid, uid]);
  expect(fixture.runtime.enforcement(first.launch)).toContainEqual({
    limit: "user",
    enforced: true,
    words: `user: ${uid}, of vetclinic-dev alone`,
  });
});

test.runIf(isRoot)(
  "a service sees nothing of the supervisor's and of other namespaces, and signals no other",
  async () => {
    const victim = await fixture.run(forever, { namespace: "other-dev" });
    const secret = join(fixture.root, "target", "key");
    const storage = join(fixture.root, "storage", "other-dev", "booking-service");
    await mkdir(storage, { recursive: true, mode: 0o700 });
    await writeFile(secret, "secret", { mode: 0o644 });
    const { pid } = victim.instance.identity;
    const { output } = await fixture.run(`const fs = require("node:fs");
    const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
    console.log([
      attempt(() => fs.readFileSync(${JSON.stringify(secret)})),
      attempt(() => fs.readdirSync(${JSON.stringify(storage)})),
      attempt(() => fs.readFileSync("/proc/${pid}/environ")),
      attempt(() => process.kill(${pid}, "SIGKILL")),
    ].join()); ${forever}`);
    await expect.poll(output).not.toBe("");
    expect(await output()).toBe("ENOENT,ENOENT,EACCES,EPERM\n");
  },
);

test.runIf(isRoot)(
  "the provisioner's storage is given to the service's user, another module's is not",
  async () => {
    const own = join(fixture.root, "storage", "vetclinic-dev", "booking-service");
    const foreign = join(fixture.root, "storage", "vetclinic-dev", "other-service");
    for (const folder of [own, foreign]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const write = (folder: string) =>
      fixture.run(`require("node:fs").writeFileSync(process.env.STORAGE_DIR + "/row", "1")`, {
        environment: { STORAGE_DIR: folder },
      });
    expect((await (await write(own)).exit).code).toBe(0);
    expect((await (await write(foreign)).exit).code).toBe(1);
    expect((await stat(foreign)).uid).toBe(0);
    expect(await readFile(join(own, "row"), "utf8")).toBe("1");
  },
);

test.runIf(isRoot)(
  "a release that another user may not read runs as the supervisor's user, and it is said",
  async () => {
    const launch = await fixture.launchOf({ "service.js": forever });
    await writeFile(join(launch.directory, "private"), "", { mode: 0o600 });
    const instance = await fixture.runtime.launch(launch, () => {});
    expect(fixture.runtime.enforcement(launch)).toEqual([
      {
        limit: "user",
        enforced: false,
        words: `user: runs as root, because ${join(launch.directory, "private")} may not be read by another user`,
      },
    ]);
    await instance?.end(0);
  },
);

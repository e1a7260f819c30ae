/** Hand-overs on a real database and a real git, with the real Code Committer behind them. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSecretlintScanner } from "../../src/adapters/secret-scanner/secretlint/create-secretlint-scanner.ts";
import { createCodeCommitter } from "../../src/agents/code-committer/agent.ts";
import { tagRelease } from "../../src/agents/release-tag.ts";
import { traceTrailers } from "../../src/agents/trace-trailers.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { handOver } from "../../src/operations/hand-over.ts";
import { revertRelease } from "../../src/operations/revert-release.ts";
import type { Skill } from "../../src/ports/agent.ts";
import { success } from "../support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const run = promisify(execFile);
const author = { name: "Merger", email: "merger@example.invalid" };

let world: TestSystem;
let place: string;

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), "hand-over-"));
  const later: { skill: Skill | undefined } = { skill: undefined };
  world = await createTestSystem({
    CommitModule: (context) => {
      const { sourceControl, tenants } = world.system;
      const ports = { sourceControl, tenants, secretScanner: createSecretlintScanner() };
      later.skill ??= createCodeCommitter(ports).skills.CommitModule;
      if (later.skill === undefined) throw new Error("the Code Committer has no CommitModule");
      return later.skill(context);
    },
    async MergePullRequest(context) {
      const { handOver: fact, invocation } = context;
      const { sourceControl, tenants } = world.system;
      const merged = await sourceControl.merge({
        repository: fact.repository,
        source: `trace/${invocation.traceId}/${invocation.moduleId}`,
        target: fact.targetBranch,
        subject: "merge",
        trailers: traceTrailers(context),
        author,
        at: invocation.invokedAt,
        invocationId: invocation.invocationId,
      });
      if (merged.status !== "merged") throw new Error(merged.status);
      const { commits } = await tenants.get(invocation.tenantId);
      await tagRelease(context, sourceControl, { commit: merged.commit, policy: commits, tagger: author });
      return success(["PullRequestMerged", { number: 1, commit: merged.commit, tree: merged.tree }]);
    },
  });
});
afterEach(async () => {
  await world.close();
  await rm(place, { recursive: true, force: true });
});

const service = { "package.json": '{"name":"rooms","version":"1.0.0"}', "server.js": "1\n2\n3\n4\n5\n" };

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const made = path.join(place, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(made, file)), { recursive: true });
    await writeFile(path.join(made, file), text);
  }
  return made;
}

async function repository(name: string, files: Record<string, string>): Promise<string> {
  const made = await folder(name, files);
  const git = (...args: string[]) =>
    run("git", ["-C", made, "-c", "user.name=x", "-c", "user.email=x@x.invalid", ...args]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "-m", "x");
  return made;
}

async function setPolicy(over: object): Promise<void> {
  const { tenants } = world.system;
  await tenants.put({ ...(await tenants.get("vetclinic-001")), ...over }, "ada");
}

const monorepo = {
  repositories: { layout: "monorepo" as const, name: "all", folder: "services", targetBranch: "trunk" },
};

function deliver(source: Parameters<typeof handOver>[2]["source"], over: object = {}): Promise<Subject> {
  return handOver(world.system, world.as("jane"), { source, ...over }).then(({ subject }) => subject);
}

/** The delivery after its code has landed. */
async function landed(subject: Subject) {
  await world.until(subject, (_, kind) => kind === "waiting");
  const record = await world.system.store.load(subject);
  const fact = record?.handOver;
  if (fact === undefined) throw new Error("no hand-over");
  const { sourceControl } = world.system;
  const paths = await sourceControl.listFiles(fact.repository, fact.targetBranch);
  return { fact, paths, files: await sourceControl.readFiles(fact.repository, fact.targetBranch, paths) };
}

describe("a hand-over", () => {
  test("goes into the module's own repository, and the delivery is of the version that was decided", async () => {
    const first = await folder("rooms", service);
    await landed(await deliver({ kind: "folder", path: first }));
    await writeFile(path.join(first, "server.js"), "1\n2\n3\n4\nfive\n");
    const subject = await deliver({ kind: "folder", path: first });
    const { fact } = await landed(subject);
    expect(fact).toMatchObject({
      repository: "vetclinic-001/rooms",
      folder: "",
      module: { version: "1.0.1" },
    });
    const [ready] = await world.system.store.events(subject, { names: ["ModuleReady"] });
    expect(ready?.data).toMatchObject({ module: { version: "1.0.0" } });
    const tags = await world.system.sourceControl.tags("vetclinic-001/rooms");
    expect(tags.map(({ name }) => name).sort()).toEqual(["v1.0.0", "v1.0.1"]);
  });

  test("goes into the module's folder of the tenant's monorepo, where modules land beside each other", async () => {
    await setPolicy(monorepo);
    const names = ["rooms", "halls", "desks"];
    const subjects = await Promise.all(
      names.map(async (name) => {
        const text = service["package.json"].replace("rooms", name);
        return deliver({ kind: "folder", path: await folder(name, { ...service, "package.json": text }) });
      }),
    );
    for (const subject of subjects) await landed(subject);
    const { fact, paths } = await landed(subjects[0] as Subject);
    expect(fact).toMatchObject({
      repository: "vetclinic-001/all",
      folder: "services/rooms",
      targetBranch: "trunk",
    });
    for (const name of names) expect(paths).toContain(`services/${name}/server.js`);
    const tags = await world.system.sourceControl.tags("vetclinic-001/all");
    expect(tags.map(({ name }) => name).sort()).toEqual(["desks/v1.0.0", "halls/v1.0.0", "rooms/v1.0.0"]);
  });

  test("takes one folder of a git repository, and records where it is from", async () => {
    const files = {
      "services/rooms/package.json": service["package.json"],
      "services/rooms/server.js": "1",
      "README.md": "all",
    };
    const url = await repository("all", files);
    const { fact, paths } = await landed(await deliver({ kind: "git", url, folder: "./services/rooms/" }));
    expect(fact.source).toMatchObject({
      kind: "git",
      url,
      folder: "services/rooms",
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(paths).toEqual(["CHANGELOG.md", "package.json", "server.js"]);
  });

  test.each(["../other", "services/../../other", ".git"])("refuses the folder %s", async (asked) => {
    const url = await repository("all", service);
    await expect(deliver({ kind: "git", url, folder: asked })).rejects.toThrow(/InputInvalid: folder:/);
  });

  test("refuses a folder that is not in the repository", async () => {
    const url = await repository("all", service);
    await expect(deliver({ kind: "git", url, folder: "services/rooms" })).rejects.toThrow(
      /has no folder services\/rooms/,
    );
  });

  test("records no credentials of an address", async () => {
    const files = await repository("rooms", service);
    const { system } = world;
    const { sourceControl } = system;
    // Only the fetch itself needs the address as it was given.
    const fetching = {
      ...sourceControl,
      importRemote: (request: Parameters<typeof sourceControl.importRemote>[0]) =>
        sourceControl.importRemote({ ...request, url: files }),
    };
    const source = { kind: "git" as const, url: "https://jane:s3cret@git.example.com/rooms.git" };
    const { subject } = await handOver({ ...system, sourceControl: fetching }, world.as("jane"), { source });
    const { fact } = await landed(subject);
    expect(fact.source).toMatchObject({ url: "https://git.example.com/rooms.git" });
    expect(JSON.stringify(await system.store.events(subject))).not.toContain("s3cret");
  });

  test("adopts a service with its own pipeline, and remembers it", async () => {
    const running = { ...service, "azure-pipelines.yaml": "own: true\n" };
    const source = { kind: "folder" as const, path: await folder("rooms", running) };
    const { fact } = await landed(await deliver(source, { adopt: true }));
    expect(fact).toMatchObject({ adopted: true, module: { pipeline: "own" } });
    await folder("rooms", { "server.js": "2" });
    expect((await landed(await deliver(source))).fact.module.pipeline).toBe("own");
    await folder("rooms", { "module.yaml": "pipeline: generate" });
    expect((await landed(await deliver(source))).fact.module.pipeline).toBe("generate");
    await expect(deliver(source, { adopt: true })).rejects.toThrow(/InputInvalid: --adopt/);
  });
});

describe("taking a release back", () => {
  test("is a delivery of the reverse of what landed, over what came after", async () => {
    const source = { kind: "folder" as const, path: await folder("rooms", service) };
    await landed(await deliver(source));
    await folder("rooms", { "server.js": "1\nbad\n3\n4\n5\n" });
    const bad = await deliver(source);
    await landed(bad);
    await folder("rooms", { "later.js": "later\n" });
    await landed(await deliver(source));
    const { subject, takesBack } = await revertRelease(world.system, world.as("jane"), { release: "1.0.1" });
    expect(takesBack).toMatchObject({ traceId: bad.traceId, version: "1.0.1" });
    const { fact, files } = await landed(subject);
    expect(fact).toMatchObject({
      sponsor: "jane",
      environments: ["staging", "production"],
      module: { version: "1.0.3" },
    });
    expect(files).toMatchObject({ "server.js": service["server.js"], "later.js": "later\n" });
    const [ready] = await world.system.store.events(subject, { names: ["CommitReady"] });
    expect(ready?.data.subject).toMatch(/^revert: take back rooms 1\.0\.1 as 1\.0\.3/);

    // The way on: the corrected source, handed over as ever.
    await folder("rooms", { "server.js": "1\ngood\n3\n4\n5\n" });
    const next = await landed(await deliver(source));
    expect(next.files).toMatchObject({ "server.js": "1\ngood\n3\n4\n5\n", "later.js": "later\n" });
  });

  test("is refused for the first version, for what never landed, and where it was changed again", async () => {
    const { system, as } = world;
    const source = { kind: "folder" as const, path: await folder("rooms", service) };
    const first = await deliver(source);
    await landed(first);
    const revert = (release: string) => revertRelease(system, as("jane"), { release });
    await expect(revert(first.traceId)).rejects.toThrow(/RollbackImpossible: .* first version of rooms/);
    await expect(revert("trace-nowhere")).rejects.toThrow(/NotFound/);
    await folder("rooms", { "server.js": "1\nbad\n3\n4\n5\n" });
    await landed(await deliver(source));
    await folder("rooms", { "server.js": "1\nworse\n3\n4\n5\n" });
    await landed(await deliver(source));
    await expect(revert("1.0.1")).rejects.toThrow(/BranchPolicy: .*server\.js was changed again/);
    const asked = catalogue.find(({ name }) => name === "revertRelease");
    await expect(asked?.run(system, as("max"), { release: "1.0.1" })).rejects.toThrow(/TenantForbidden/);
  });
});

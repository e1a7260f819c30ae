import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { listBranches, readFile as readRepositoryFile } from "../../operations/pull-requests/browse.ts";
import { createApp } from "../create-app.ts";
import { type Listening, listen } from "../listen.ts";

const run = promisify(execFile);
const author = { name: "Code Committer", email: "code-committer@example.invalid" };
const at = "2025-05-23T10:00:00Z";

describe("repositories over git's smart HTTP protocol", () => {
  let rig: TestSystem;
  let server: Listening;
  let place: string;
  let count = 0;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    rig = await createTestSystem();
    place = await mkdtemp(path.join(os.tmpdir(), "git-access-"));
    const { accounts, tenants } = rig.system;
    for (const person of ["jane", "max", "ada"])
      tokens[person] = await accounts.issueToken({ tenantId: "vetclinic-001", person }, "test");
    const own = await tenants.get("vetclinic-001");
    await tenants.put({ ...own, id: "other-002" }, "test");
    tokens.stranger = await accounts.issueToken({ tenantId: "other-002", person: "jane" }, "test");
    const app = createApp({
      system: rig.system,
      readiness: async () => undefined,
      metrics: rig.metrics.text,
      refused: () => undefined,
      api: true,
      version: "0.0.0",
      studio: "/nowhere",
      trustProxy: false,
      rateLimit: 0,
      secretOf: () => undefined,
      trouble: (message, error) => console.error(message, error),
    });
    server = await listen(app, 0);
  });
  afterAll(async () => {
    await server.close();
    await rig.close();
    await rm(place, { recursive: true, force: true });
  });

  const address = (repository: string, as = "jane") =>
    `${server.url.replace("http://", `http://any:${tokens[as]}@`)}/git/vetclinic-001/${repository}.git`;

  async function git(cwd: string, ...args: string[]) {
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_AUTHOR_NAME: "Jane",
      GIT_AUTHOR_EMAIL: "jane@example.invalid",
      GIT_COMMITTER_NAME: "Jane",
      GIT_COMMITTER_EMAIL: "jane@example.invalid",
    };
    return await run("git", args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
  }

  /** What git said as it failed. */
  async function refused(cwd: string, ...args: string[]): Promise<string> {
    const failure = await git(cwd, ...args).then(
      () => undefined,
      (error: { stderr: string }) => error.stderr,
    );
    if (failure === undefined) throw new Error(`git ${args.join(" ")} was not refused`);
    return failure;
  }

  /** A repository with one commit on main, as a delivery leaves it. */
  async function repository(): Promise<string> {
    const name = `module-${++count}`;
    await rig.system.sourceControl.commit({
      repository: `vetclinic-001/${name}`,
      branch: "main",
      base: "main",
      content: { files: [{ path: "README.md", content: "hello\n" }] },
      subject: "feat: begin",
      trailers: {},
      author,
      at,
      invocationId: `begin-${name}`,
    });
    return name;
  }

  async function clone(name: string, ...options: string[]): Promise<string> {
    const folder = path.join(place, `clone-${++count}`);
    await git(place, "clone", "--quiet", ...options, address(name), folder);
    return folder;
  }

  async function change(folder: string, file: string, content: string | Uint8Array): Promise<void> {
    await writeFile(path.join(folder, file), content);
    await git(folder, "add", ".");
    await git(folder, "commit", "--quiet", "-m", `feat: change ${file}`);
  }

  const tip = async (name: string, branch: string) =>
    (await rig.system.sourceControl.tip(`vetclinic-001/${name}`, branch))?.commit;
  const head = async (folder: string) => (await git(folder, "rev-parse", "HEAD")).stdout.trim();

  test.each(["0", "1", "2"])(
    "clones, pushes a branch and fetches it with protocol version %s",
    async (version) => {
      const name = await repository();
      const config = ["-c", `protocol.version=${version}`];
      const first = await clone(name, ...config);
      expect(await readFile(path.join(first, "README.md"), "utf8")).toBe("hello\n");
      await change(first, "a.txt", "a\n");
      await git(first, ...config, "push", "--quiet", "origin", "HEAD:refs/heads/trace/t-1/booking");
      expect(await tip(name, "trace/t-1/booking")).toBe(await head(first));
      const second = await clone(name, ...config);
      await git(second, ...config, "fetch", "--quiet", "origin", "trace/t-1/booking");
      expect((await git(second, "rev-parse", "FETCH_HEAD")).stdout.trim()).toBe(await head(first));
    },
  );

  test("clones shallow, and deepens", async () => {
    const name = await repository();
    const first = await clone(name);
    for (const file of ["1", "2", "3"]) await change(first, file, file);
    await git(first, "push", "--quiet", "origin", "HEAD:refs/heads/long");
    const shallow = await clone(name, "--depth=1", "--branch=long");
    expect((await git(shallow, "rev-list", "--count", "HEAD")).stdout.trim()).toBe("1");
    await git(shallow, "fetch", "--quiet", "--unshallow");
    expect((await git(shallow, "rev-list", "--count", "HEAD")).stdout.trim()).toBe("4");
  });

  test("takes and gives packs larger than any buffer, with Expect: 100-continue", async () => {
    const name = await repository();
    const folder = await clone(name);
    await change(folder, "large.bin", randomBytes(8 * 1024 * 1024));
    const expect100 = ["-c", "http.extraHeader=Expect: 100-continue", "-c", "http.postBuffer=65536"];
    await git(folder, ...expect100, "push", "--quiet", "origin", "HEAD:refs/heads/large");
    expect(await tip(name, "large")).toBe(await head(folder));
    const again = await clone(name, "--branch=large");
    expect(await readFile(path.join(again, "large.bin"))).toEqual(
      await readFile(path.join(folder, "large.bin")),
    );
  });

  test("takes a compressed body: a fetch with many haves", async () => {
    const name = await repository();
    const folder = await clone(name);
    for (let n = 0; n < 30; n += 1) await git(folder, "commit", "--quiet", "--allow-empty", "-m", `c${n}`);
    const other = await clone(name);
    // git compresses what is longer than 1 KiB, however few haves it offers at first.
    for (let n = 0; n < 6; n += 1) {
      await change(other, "new.txt", `new ${n}\n`);
      await git(other, "push", "--quiet", "origin", `HEAD:refs/heads/news-${n}`);
    }
    const news = "refs/heads/news-*:refs/remotes/origin/news-*";
    const { stderr } = await run("git", ["-c", "protocol.version=0", "fetch", "origin", news], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CURL_VERBOSE: "1",
        GIT_TRACE_CURL_NO_DATA: "1",
      },
    });
    expect(stderr).toMatch(/content-encoding: gzip/i);
    expect((await git(folder, "cat-file", "-t", await head(other))).stdout.trim()).toBe("commit");
  });

  test("shows branches and tags only", async () => {
    const name = await repository();
    await rig.system.sourceControl.writeTree(`vetclinic-001/${name}`, [{ path: "x", content: "x" }]);
    const { stdout } = await git(place, "ls-remote", address(name));
    const refs = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[1]);
    expect(refs).toEqual(["HEAD", "refs/heads/main"]);
    const folder = await clone(name);
    expect(await refused(folder, "push", "origin", "HEAD:refs/imports/abc")).toContain("hidden ref");
  });

  test("asks for a token, takes none that it does not know, and hides what is another tenant's", async () => {
    const name = await repository();
    const url = `${server.url}/git/vetclinic-001/${name}.git/info/refs?service=git-upload-pack`;
    const bare = await fetch(url);
    expect(bare.status).toBe(401);
    expect(bare.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
    const basic = (token: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` },
    });
    expect((await fetch(url, basic("cst_wrong"))).status).toBe(401);
    const foreign = await fetch(url, basic(String(tokens.stranger)));
    const absent = await fetch(url.replace(name, "absent"), basic(String(tokens.jane)));
    const odd = await fetch(url.replace(name, "..%2f..%2fetc"), basic(String(tokens.jane)));
    expect([foreign.status, absent.status, odd.status]).toEqual([404, 404, 404]);
    expect((await foreign.text()).replaceAll(name, "X")).toBe(
      (await absent.text()).replaceAll("absent", "X"),
    );
  });

  test("lets everybody of the tenant read, and pushes only with a role for it", async () => {
    const name = await repository();
    const folder = await clone(name);
    await change(folder, "a.txt", "a");
    await git(folder, "fetch", "--quiet", address(name, "ada"));
    const said = await refused(folder, "push", address(name, "ada"), "HEAD:refs/heads/mine");
    expect(said).toMatch(/ada \(StudioAdmin\) may not push to repositories/);
    expect(await tip(name, "mine")).toBeUndefined();
  });

  describe("of a tenant that says whose which branch is", () => {
    beforeAll(async () => {
      const own = await rig.system.tenants.get("vetclinic-001");
      const secret = {
        branches: ["secret/**"],
        read: ["ReleaseManager" as const],
        write: ["person:max" as const],
      };
      const rights = [secret, { branches: ["release/*"], write: ["ReleaseManager" as const] }];
      await rig.system.tenants.put({ ...own, repositories: { ...own.repositories, rights } }, "test");
    });
    afterAll(async () => {
      const { repositories, ...own } = await rig.system.tenants.get("vetclinic-001");
      const { rights: _, ...open } = repositories;
      await rig.system.tenants.put({ ...own, repositories: open }, "test");
    });

    test("gives a branch, its tags and its commits only to those who may read it, whatever they ask for", async () => {
      const name = await repository();
      const folder = await clone(name);
      await change(folder, "plan.txt", "the plan");
      await git(folder, "tag", "v9");
      await git(folder, "push", "--quiet", address(name, "max"), "HEAD:refs/heads/secret/plan", "v9");
      const seen = async (as: string) => (await git(place, "ls-remote", address(name, as))).stdout;
      expect(await seen("max")).toContain("refs/heads/secret/plan");
      expect(await seen("jane")).toMatch(/^[0-9a-f]{40}\trefs\/heads\/main\n$/);
      const commit = await head(folder);
      const other = await clone(name);
      for (const version of ["0", "2"])
        expect(
          await refused(other, "-c", `protocol.version=${version}`, "fetch", address(name), commit),
        ).toMatch(/not our ref|unadvertised object/);
      const caller = rig.as("jane");
      const at = { tenantId: "vetclinic-001", repository: name };
      expect((await listBranches(rig.system, caller, at)).map((branch) => branch.name)).toEqual(["main"]);
      for (const ref of ["secret/plan", commit])
        await expect(
          readRepositoryFile(rig.system, caller, { ...at, ref, path: "plan.txt" }),
        ).rejects.toThrow(/TenantForbidden/);
    });

    test("takes a push to a branch only from those who may write it, all or nothing, and records who tried", async () => {
      const name = await repository();
      const folder = await clone(name);
      await change(folder, "a.txt", "a");
      const said = await refused(
        folder,
        "push",
        "origin",
        "HEAD:refs/heads/release/1",
        "HEAD:refs/heads/mine",
      );
      expect(said).toContain(
        `TenantForbidden: jane (Developer) may not push to repositories in release/1 of vetclinic-001/${name}`,
      );
      expect(said).toContain("repository-rights");
      expect(await tip(name, "mine")).toBeUndefined();
      await git(folder, "push", "--quiet", address(name, "max"), "HEAD:refs/heads/release/1");
      const denied = await rig.system.journal.read("vetclinic-001", { acts: ["AccessDenied"] });
      expect(denied.at(-1)).toMatchObject({
        actor: "jane",
        data: { resource: { repository: name, branch: "release/1" }, policies: ["repository-rights"] },
      });
    });
  });

  test("refuses a push to main, its deletion, and every ref that came with it, with the way on", async () => {
    const name = await repository();
    const before = await tip(name, "main");
    const folder = await clone(name);
    await change(folder, "a.txt", "a");
    const said = await refused(folder, "push", "origin", "HEAD:main", "HEAD:refs/heads/beside");
    expect(said).toContain("remote: BranchPolicy: main is protected: it changes by pull request only.");
    expect(said).toContain("remote: next: Push to the branch of an open pull request");
    expect(await tip(name, "beside")).toBeUndefined();
    expect(await refused(folder, "push", "--force", "origin", "HEAD:main")).toContain("BranchPolicy");
    expect(await refused(folder, "push", "origin", ":main")).toContain("cannot be deleted");
    expect(await tip(name, "main")).toBe(before);
    const objects = path.join(rig.system.sourceControl.location(`vetclinic-001/${name}`), "objects");
    expect((await readdir(objects)).filter((entry) => entry.startsWith("tmp_"))).toEqual([]);
  });

  test("keeps a protected branch from losing commits where pushes are allowed, and tags where they are", async () => {
    const name = await repository();
    await rig.system.forge.protect(`vetclinic-001/${name}`, [
      {
        pattern: "release/*",
        pullRequestOnly: false,
        requiredChecks: [],
        requiredApprovals: 0,
        requireSignedCommits: false,
        mergeMethods: ["merge"],
      },
    ]);
    const folder = await clone(name);
    await change(folder, "a.txt", "a");
    await git(folder, "tag", "v1");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/release/1", "v1");
    await git(folder, "commit", "--quiet", "--amend", "-m", "rewritten");
    expect(await refused(folder, "push", "--force", "origin", "HEAD:refs/heads/release/1")).toContain(
      "must not lose commits",
    );
    await git(folder, "tag", "--force", "v1");
    expect(await refused(folder, "push", "--force", "origin", "v1")).toContain("the tag v1 is there already");
    await git(folder, "push", "--quiet", "--force", "origin", "HEAD:refs/heads/release/x/y");
  });

  test("takes signed commits of trusted signers only where a branch asks for them", async () => {
    const name = await repository();
    const keys = path.join(place, `keys-${++count}`);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "jane", "-f", keys]);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "eve", "-f", `${keys}-eve`]);
    const publicKey = (await readFile(`${keys}.pub`, "utf8")).trim();
    const { tenants } = rig.system;
    const own = await tenants.get("vetclinic-001");
    const trustedSshSigners = [`jane@example.invalid ${publicKey.split(" ").slice(0, 2).join(" ")}`];
    await tenants.put({ ...own, commits: { ...own.commits, trustedSshSigners } }, "test");
    const signedOnly = {
      pattern: "signed",
      pullRequestOnly: false,
      requiredChecks: [],
      requiredApprovals: 0,
      requireSignedCommits: true,
      mergeMethods: ["merge" as const],
    };
    const folder = await clone(name);
    const sign = (key: string, message: string) => {
      const config = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key}`];
      return git(folder, ...config, "commit", "--quiet", "--allow-empty", "-S", "-m", message);
    };
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/signed");
    await rig.system.forge.protect(`vetclinic-001/${name}`, [signedOnly]);
    await sign(keys, "feat: signed");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/signed");
    await sign(`${keys}-eve`, "feat: by somebody else");
    const eve = await refused(folder, "push", "origin", "HEAD:refs/heads/signed");
    expect(eve).toContain("remote: UnsignedCommit: signed takes signed commits only");
    expect(eve).toContain((await head(folder)).slice(0, 12));
    await change(folder, "plain.txt", "not signed");
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/other");
    const delivery = "HEAD:refs/heads/trace/trace-2025-05-23-0012/booking-service";
    expect(await refused(folder, "push", "origin", delivery)).toContain("UnsignedCommit: trace/");
    // What is there on an unprotected branch is no less unsigned.
    expect(await refused(folder, "push", "origin", "HEAD:refs/heads/signed")).toContain("UnsignedCommit");
  });

  test("of two pushes that race one lands, and the other is told", async () => {
    const name = await repository();
    const [one, two] = [await clone(name), await clone(name)];
    await change(one, "one.txt", "1");
    await change(two, "two.txt", "2");
    await git(one, "push", "--quiet", "origin", "main:refs/heads/shared");
    await git(one, "commit", "--quiet", "--allow-empty", "-m", "more");
    await git(two, "fetch", "--quiet", "origin", "shared");
    await git(two, "reset", "--quiet", "--hard", "FETCH_HEAD");
    await git(two, "commit", "--quiet", "--allow-empty", "-m", "other");
    const results = await Promise.allSettled(
      [one, two].map((folder) => git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/shared")),
    );
    const landed = results.map(({ status }) => status);
    expect(landed.toSorted()).toEqual(["fulfilled", "rejected"]);
    const winner = landed[0] === "fulfilled" ? one : two;
    expect(await tip(name, "shared")).toBe(await head(winner));
  });

  test("a push whose client goes away in the middle leaves nothing behind", async () => {
    const name = await repository();
    const folder = await clone(name);
    await change(folder, "large.bin", randomBytes(8 * 1024 * 1024));
    const port = Number(new URL(server.url).port);
    const credentials = Buffer.from(`x:${tokens.jane}`).toString("base64");
    const socket = connect(port, "127.0.0.1");
    const oid = await head(folder);
    const line = `${"0".repeat(40)} ${oid} refs/heads/half\0report-status side-band-64k\n`;
    const pkt = `${(line.length + 4).toString(16).padStart(4, "0")}${line}0000`;
    const pack = await packOf(folder);
    const part = Buffer.concat([Buffer.from(pkt), pack.subarray(0, pack.length / 2)]);
    socket.write(
      [
        `POST /git/vetclinic-001/${name}.git/git-receive-pack HTTP/1.1`,
        "host: localhost",
        `authorization: Basic ${credentials}`,
        "content-type: application/x-git-receive-pack-request",
        `content-length: ${pkt.length + pack.length}`,
        "",
        "",
      ].join("\r\n"),
    );
    socket.write(part);
    const objects = path.join(rig.system.sourceControl.location(`vetclinic-001/${name}`), "objects");
    const quarantined = async () =>
      (await readdir(objects)).filter((entry) => entry.startsWith("tmp_objdir")).length;
    await expect.poll(quarantined).toBe(1);
    socket.destroy();
    await expect.poll(quarantined).toBe(0);
    expect(await tip(name, "half")).toBeUndefined();
    await git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/half");
    expect(await tip(name, "half")).toBe(oid);
  });
});

async function packOf(folder: string): Promise<Buffer> {
  const child = spawn("git", ["pack-objects", "--revs", "--stdout", "-q"], { cwd: folder });
  child.stdin.end("HEAD\n");
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeliveryStatus } from "../../src/operations/get-delivery.ts";
import { createProgram, type Program, type Run } from "./program.ts";

describe("a module delivered on the command line", () => {
  let program: Program;
  let trace: string;
  beforeAll(async () => {
    program = await createProgram();
  });
  afterAll(() => program.remove());

  const status = async (): Promise<DeliveryStatus> =>
    JSON.parse((await program.connectsoft("status", trace, "--json")).out);

  test("goes live in staging and waits for a person before production, with the command that approves", async () => {
    const run = await program.connectsoft("deliver");
    expect(run).toMatchObject({ code: 3, err: "" });
    trace = /on (trace-\S+)/.exec(run.out)?.[1] ?? "";
    for (const agent of [
      "code-committer",
      "pull-request-creator",
      "devops-engineer",
      "cloud-provisioner",
      "release-manager",
      "deployment-orchestrator",
    ])
      expect(run.out).toContain(`✓ ${agent}`);
    expect(run.out).toMatch(/next: .*studio approve-release release-000002/);
    const { instances } = await status();
    expect(instances.map(({ instance, states }) => [instance, ...states])).toEqual([
      ["delivery", "promoting"],
      ["staging", "live"],
      ["production", "awaiting_approval"],
    ]);
    expect(await answerOf(instances[1]?.url ?? "")).toBe(200);
  });

  test("is published when the person has approved, and says so to who follows", async () => {
    const follower = program.start(["deliver", "--follow", trace, "--json"], (out) =>
      out.includes("ApprovalRequested"),
    );
    expectCode(await follower.ended, 3);
    const approval = await program.studio("approve-release", "release-000002", "--comment", "looks right");
    expect([approval.code, approval.err]).toEqual([0, ""]);
    const run = await program.connectsoft("deliver", "--follow", trace);
    expectCode(run, 0);
    expect(run.out).toContain("approved by");
    const production = (await status()).instances.find(({ instance }) => instance === "production");
    expect(await answerOf(production?.url ?? "")).toBe(200);
    expect((await program.connectsoft("explain", trace)).out).toMatch(/is published/);
  });

  test("replays from its events, and its memory becomes files", async () => {
    expectCode(await program.connectsoft("replay", trace), 0);
    const folder = path.join(program.home, "exported");
    expectCode(await program.connectsoft("memory", "export", folder, trace), 0);
    const files = await readdir(folder, { recursive: true });
    for (const name of [
      "CommitMetadata.json",
      "PipelineSnapshot.yaml",
      "ApprovalRecords.yaml",
      "DeploymentSummary.json",
    ])
      expect(files.some((file) => file.endsWith(name))).toBe(true);
    const again = await program.connectsoft("memory", "export", folder, trace);
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/^error Conflict: .*\nnext: /);
  });

  test("keeps a secret out of everything that can be read", async () => {
    const file = path.join(program.home, "secret.txt");
    await writeFile(file, "hunter2-hunter2\n");
    const argv = await program.connectsoft("secret", "set", "API_KEY", "hunter2-hunter2", "--env", "staging");
    expect(argv.code).toBe(2);
    const server = await program.server();
    const set = await fetch(`${server?.url}/api/v1/settings/staging/secrets/API_KEY`, {
      method: "PUT",
      headers: { authorization: `Bearer ${server?.token}` },
      body: JSON.stringify({ value: "hunter2-hunter2" }),
    });
    expect(set.status).toBe(200);
    expect((await program.connectsoft("secret", "ls", "--env", "staging")).out).toMatch(/^API_KEY {2}\S+/);
    expect(await readFile(path.join(program.home, "logs/server.log"), "utf8")).not.toContain("hunter2");
  });

  test("has one server to a data folder: a second one is refused with the pid of the first", async () => {
    const server = await program.server();
    const second = await program.connectsoft("serve");
    expect(second.code).toBe(2);
    expect(second.err).toContain(`error Conflict: A server with pid ${server?.pid} runs on`);
    expect((await stat(path.join(program.home, "server.json"))).mode & 0o777).toBe(0o600);
  });

  test("lets go of who stops following, and goes on", async () => {
    const follower = program.start(["deliver"], (out) => out.includes("CommitModule"));
    await follower.seen;
    process.kill(follower.pid, "SIGINT");
    const run = await follower.ended;
    expectCode(run, 130);
    expect(run.out).toContain("the delivery goes on");
    const next = /deliver --follow (\S+),/.exec(run.out)?.[1] ?? "";
    expectCode(await program.connectsoft("deliver", "--follow", next, "--until", "staging"), 0);
  });

  test("goes on after its server was killed, and the follower sees it through", async () => {
    const server = await program.server();
    const follower = program.start(["deliver", "--until", "staging"], (out) =>
      out.includes("OpenPullRequest"),
    );
    await follower.seen;
    process.kill(server?.pid ?? 0, "SIGKILL");
    const run = await follower.ended;
    expectCode(run, 0);
    expect(run.err).toContain("The server is away");
    const killed = /on (trace-\S+)/.exec(run.out)?.[1] ?? "";
    expectCode(await program.connectsoft("replay", killed), 0);
    expect((await program.server())?.pid).not.toBe(server?.pid);
  });

  test("serves nothing any more after stop, and says what ended", async () => {
    const before = (await status()).instances.find(({ instance }) => instance === "production")?.url ?? "";
    const stopped = await program.connectsoft("stop");
    expect(stopped.code).toBe(0);
    expect(stopped.out).toContain("The server has ended.");
    expect(stopped.out).toContain("Ended: booking-service");
    await expect(answerOf(before)).rejects.toThrow("ECONNREFUSED");
    expect(await program.server()).toBeUndefined();
    expect((await program.connectsoft("stop")).out).toContain("No server ran.");
  });
});

describe("a module that cannot go on", () => {
  let program: Program;
  beforeAll(async () => {
    program = await createProgram();
  });
  afterAll(() => program.remove());

  test.each([
    [["deliver", "/not/there"], "ModuleInvalid"],
    [["deliver", "examples/booking-service", "--module", "../x"], "InputInvalid"],
    [["deliver", "examples/booking-service", "--env", "moon"], "InputInvalid"],
    [["deliver", "examples/booking-service", "--tenant", "other"], "TenantForbidden"],
    [["status", "trace-unknown"], "NotFound"],
    [["flow", "show", "unknown"], "InputInvalid"],
    [["nonsense"], "InputInvalid"],
  ])("refuses %j with a code and a way on", async (args, code) => {
    const run = await program.connectsoft(...args);
    expectCode(run, 2);
    expect(run.err).toMatch(new RegExp(`^error ${code}: [^]+\nnext: .+\n$`));
  });

  test("ends as failed when its tests fail, with the reason and the way on", async () => {
    const run = await program.connectsoft("deliver", "examples/broken/tests-fail");
    expectCode(run, 4);
    expect(run.out).toMatch(/✗ devops-engineer +RunTests .*TestsNotPassed/);
    expect(run.out).toMatch(/next: .*Correct the module/);
  });
});

/** What the program said is why it ended so. */
function expectCode(run: Run, code: number): void {
  expect(run.code, run.out + run.err).toBe(code);
}

/** By the Host header: not every machine resolves names below localhost. */
function answerOf(address: string): Promise<number> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    http
      .get(
        { host: "127.0.0.1", port: url.port, path: url.pathname, headers: { host: url.host } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      )
      .on("error", reject);
  });
}

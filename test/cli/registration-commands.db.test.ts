/** Subscriptions and hooks by the command line, at a server that listens. */
import picocolors from "picocolors";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Cli } from "../../src/cli/cli.ts";
import { runProgram } from "../../src/cli/program.ts";
import { type Listening, listen } from "../../src/http/listen.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const tenantId = "vetclinic-001";
/** As a terminal would do what it says. */
const escaped = "\u001b[31mred";
let stage: TestSystem;
let server: Listening;
let token: string;

beforeAll(async () => {
  stage = await createTestSystem();
  const tenant = await stage.system.tenants.get(tenantId);
  const serviceAccounts = [{ id: "forge", owner: "jane", roles: ["Developer" as const] }];
  await stage.system.tenants.put({ ...tenant, serviceAccounts }, "ada");
  token = await stage.system.accounts.issueToken({ tenantId, person: "ada" }, "test");
  server = await listen(appOf(stage.system), 0);
});
afterAll(async () => {
  await server.close();
  await stage.close();
});

async function connectsoft(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const cli = {
    env: { CONNECTSOFT_URL: server.url, CONNECTSOFT_TOKEN: token },
    ...{ cwd: "/", out: say, err: say, interactive: false, width: 200, local: { version: "1.0.0" } },
    colors: picocolors.createColors(false),
  } as unknown as Cli;
  const code = await runProgram("connectsoft", args, cli);
  return { code, said: lines.join("\n") };
}

test("a hook is made, shown without its secret, and changed by what is named of it alone", async () => {
  const url = "https://forge.example/booking.git";
  const says = [
    "--kind",
    "github",
    "--account",
    "forge",
    "--url",
    url,
    "--tag",
    "v*",
    "--description",
    escaped,
  ];
  const made = await connectsoft("hook", "add", "booking", ...says);
  const [, secret = "no secret was shown"] = /Secret, shown this once: (\S+)/.exec(made.said) ?? [];
  const shown = await connectsoft("hook", "show", "booking");
  expect(shown.said).toMatch(/called at +\/api\/v1\/hooks\/vetclinic-001\/booking/);
  expect(shown.said).toMatch(/does +hands over main, v\* of https:\/\/forge\.example\/booking\.git/);
  expect(shown.said).not.toContain(secret);
  const changed = await connectsoft("hook", "set", "booking", "--branch", "release/*");
  expect(changed.said).toMatch(/hands over release\/\*, v\* of/);
  const released = await connectsoft("hook", "set", "booking", "--no-branch", "--release", "v*");
  expect(released.said).toMatch(/hands over v\*, releases of v\* of/);
  // What others wrote is put back as it was, and is harmless where it is printed.
  const { spec } = (await stage.system.hooks.get({ tenantId, id: "booking" })) ?? {};
  expect(spec).toMatchObject({ account: "forge", description: escaped });
  expect(changed.said).not.toContain("\u001b");
  expect(await connectsoft("hook", "show", "nowhere")).toMatchObject({
    ...{ code: 2, said: expect.stringMatching(/no hook nowhere/) },
  });
});

test("a subscription is made, changed by what is named of it alone, and listed", async () => {
  const url = "https://ops.example/hooks";
  const made = await connectsoft("subscription", "add", "ops", "--url", url, "--event", "deployed");
  expect(made.said).toMatch(/Signing secret, shown this once: whsec_/);
  const changed = await connectsoft(
    "subscription",
    "set",
    "ops",
    "--description",
    escaped,
    "--attempts",
    "3",
  );
  expect(changed.said).not.toContain("\u001b");
  const { spec } = (await stage.system.subscriptions.get({ tenantId, id: "ops" })) ?? {};
  expect(spec).toMatchObject({ url, events: ["deployed"], attempts: 3, description: escaped });
  const rotated = await connectsoft("subscription", "rotate", "ops", "--overlap", "0s");
  expect(rotated.said).toMatch(/shown this once: whsec_.*\nThe secret before does not sign any more\./);
  const listed = await connectsoft("subscription", "ls", "--json");
  expect(JSON.parse(listed.said).subscriptions).toMatchObject([{ id: "ops", attempts: 3 }]);
});

test("a subscription is paused and resumed, and says so", async () => {
  await connectsoft(
    "subscription",
    "add",
    "paused",
    "--url",
    "https://ops.example/hooks",
    "--event",
    "failed",
  );
  expect(await connectsoft("subscription", "pause", "paused")).toMatchObject({ code: 2 });
  const paused = await connectsoft("subscription", "pause", "paused", "--reason", "it moves");
  expect(paused.said).toMatch(/state +paused by ada since 20.*: it moves/);
  expect((await connectsoft("subscription", "ls")).said).toMatch(/paused by ada/);
  const resumed = await connectsoft("subscription", "resume", "paused", "--skip");
  expect(resumed).toEqual({ code: 0, said: "paused is told again." });
  expect((await connectsoft("subscription", "show", "paused")).said).toMatch(/state +active/);
});

/** People and the embedded forge: clone, push, review, merge; and hand-overs over what people changed by hand. */
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PullRequestView } from "../../src/operations/pull-requests/read-pull-requests.ts";
import { named, only } from "./support/events.ts";
import { clone, git, refusedGit } from "./support/git.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = `
id: local
people:
  - { id: ${userInfo().username}, roles: [StudioAdmin, Developer] }
  - { id: jane, roles: [Developer] }
  - { id: max, roles: [Developer, ReleaseManager] }
  - { id: eve, roles: [Auditor] }
environments: [{ id: staging }]
pullRequests: { requiredApprovals: 1 }
`;

/** Lines that one person can change without meeting another's. */
const server = (first: string, last: string) => `
import { createServer } from "node:http";

const first = "${first}";

// The lines between keep changes of the two apart.
// They are many enough for git.

const last = "${last}";

createServer((_request, response) => response.end([first, last].join(" ")))
  .listen(Number(process.env.PORT), "127.0.0.1");
`;

let site: Installation;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });

beforeAll(async () => {
  site = await createInstallation({ tenant });
  for (const person of ["jane", "max", "eve"]) tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

const pull = async (name: string): Promise<PullRequestView> =>
  JSON.parse(await site.ok(["pr", "show", name, "--json"], as("jane")));
const handOver = async (first: string, last: string, flags: string[] = []): Promise<Delivered> => {
  const folder = await writeModule(site.desk, { id: "parcels", files: { "server.js": server(first, last) } });
  return await site.deliver(folder, ["--env", "staging", ...flags], as("jane"));
};
const answerOf = async ({ events }: Delivered) =>
  (await ask(String(only(events, "DeploymentCompleted").data.url))).body;

describe("a change that people read before it lands", () => {
  let waiting: Delivered;
  let folder: string;
  beforeAll(async () => {
    waiting = await handOver("one", "two");
    folder = await clone(site, "parcels", { token: tokens.jane ?? "" });
  });

  it("holds the delivery, and explain says who may do what", async () => {
    expect(waiting.code).toBe(3);
    expect(await site.ok(["explain", waiting.trace])).toMatch(
      /^parcels#1 waits for a review: it needs an approval of its head by somebody other than jane; 0 so far\.\nnext: connectsoft pr approve parcels#1 /,
    );
    expect((await pull("parcels#1")).blockers).toHaveLength(1);
    expect(await site.ok(["pr", "ls"], as("max"))).toMatch(/^parcels#1 +open +feat: add parcels/);
    expect(await site.ok(["pr", "diff", "parcels#1"], as("max"))).toContain("+++ b/server.js");
  });

  it("takes a push to the delivery's branch, builds and tests it, and none to main", async () => {
    await git(folder, "switch", "--quiet", `trace/${waiting.trace}/parcels`);
    const file = path.join(folder, "server.js");
    await writeFile(file, (await readFile(file, "utf8")).replace('last = "two"', 'last = "by hand"'));
    await git(folder, "commit", "--quiet", "--all", "--message", "fix: say it better");
    const refused = await refusedGit(folder, "push", "origin", "HEAD:main");
    expect(refused).toContain("BranchPolicy: main is protected");
    const nobody = await clone(site, "parcels", { token: tokens.eve ?? "", as: "eve" });
    expect(await refusedGit(nobody, "push", "origin", "HEAD:refs/heads/mine")).toContain(
      "TenantForbidden: eve (Auditor) may not push",
    );
    await git(folder, "push", "--quiet", "origin", "HEAD");
    const head = await git(folder, "rev-parse", "HEAD");
    await expect
      .poll(async () => named(await site.events(waiting.trace), "TestsPassed").map(({ data }) => data.commit))
      .toContain(head);
    expect(await pull("parcels#1")).toMatchObject({ head, authors: expect.arrayContaining(["jane"]) });
  });

  it("is approved by somebody else than who wrote it, and goes live as pushed", async () => {
    const own = await site.connectsoft(["pr", "approve", "parcels#1"], as("jane"));
    expect(own.code).toBe(2);
    expect(own.stderr).toMatch(/^error SelfApproval: .*jane.*\nnext: /);
    await site.ok(["pr", "approve", "parcels#1", "--comment", "read and tried"], as("max"));
    const landed = await site.follow(waiting.trace);
    expect(landed.code).toBe(0);
    expect(await answerOf(landed)).toBe("one by hand");
    const { state, merge } = await pull("parcels#1");
    await git(folder, "fetch", "--quiet");
    expect([state, merge?.commit]).toEqual(["merged", await git(folder, "rev-parse", "origin/main")]);
  });

  it("keeps what people changed when the next hand-over changes something else", async () => {
    const next = await handOver("changed", "two");
    expect(next.code).toBe(3);
    const early = await site.connectsoft(["pr", "merge", "parcels#2"], as("max"));
    expect(early.code).toBe(2);
    expect(early.stderr).toMatch(/^error BranchPolicy: .*an approval.*\nnext: .*pr approve parcels#2/);
    await site.ok(["pr", "approve", "parcels#2"], as("max"));
    const landed = await site.follow(next.trace);
    expect(landed.code).toBe(0);
    expect(await answerOf(landed)).toBe("changed by hand");
  });

  it("commits nothing where both changed the same line, shows the passage, and takes a side when told", async () => {
    const refused = await handOver("changed", "again");
    expect(refused.code).toBe(4);
    const why = await site.ok(["explain", refused.trace]);
    expect(why).toMatch(/^code-committer failed .*server\.js changed there .*\nnext: .*--take handed-over/s);
    expect(why.match(/connectsoft commit /g)).toHaveLength(1);
    expect(why).not.toContain("infra_provisioned");
    const { files } = JSON.parse(await site.artifact(refused.trace, "MergeConflict.json"));
    expect(files).toMatchObject([{ path: "server.js", binary: false }]);
    expect(files[0].marked).toMatch(/<{7} .*by hand.*={7}.*again.*>{7} /s);
    expect(JSON.parse(await site.ok(["pr", "ls", "--json"]))).toEqual([]);

    const taken = await handOver("changed", "again", ["--take", "handed-over"]);
    await site.ok(["pr", "approve", "parcels#3"], as("max"));
    expect(taken.code).toBe(3);
    expect(await answerOf(await site.follow(taken.trace))).toBe("changed again");
  });
});

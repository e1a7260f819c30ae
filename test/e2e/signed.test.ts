/** A tenant that signs: every commit of ours is vouched for, and one that is not signed goes nowhere. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { named, only } from "./support/events.ts";
import { clone, git, refusedGit } from "./support/git.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation, linesOf } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let keys: string;
let site: Installation;
let folder: string;
let waiting: Delivered;

const tenant = (rest = "") => `
id: local
people:
  - { id: ada, roles: [StudioAdmin, Developer, ReleaseManager] }
  - { id: jane, roles: [Developer] }
  - { id: max, roles: [ReleaseManager] }
environments: [{ id: staging }]
commits:
  requireSigned: true
  sign: { format: ssh, key: ${path.join(keys, "agents")} }
  trustedSshSigners:
    - agents@example.com ${publicKey("agents")}
    - jane@example.com ${publicKey("jane")}
${rest}`;

function makeKey(name: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path.join(keys, name)]);
}

function publicKey(name: string): string {
  return readFileSync(path.join(keys, `${name}.pub`), "utf8")
    .split(" ")
    .slice(0, 2)
    .join(" ");
}

beforeAll(async () => {
  keys = await mkdtemp(path.join(os.tmpdir(), "connectsoft-keys-"));
  makeKey("agents");
  makeKey("jane");
  site = await createInstallation({ tenant: tenant() });
});
afterAll(async () => {
  await site.close();
  await rm(keys, { recursive: true });
});

it("two deliveries land one after the other, and git calls each of our commits and tags good", async () => {
  for (const version of ["1.0.0", "1.1.0"]) {
    const delivered = await site.deliver(await writeModule(site.desk, { id: "vouched", version }));
    expect(delivered.code, delivered.stderr).toBe(0);
    const { body } = await ask(String(only(delivered.events, "DeploymentCompleted").data.url));
    expect(JSON.parse(body)).toMatchObject({ version });
    const { signature } = JSON.parse(await site.artifact(delivered.trace, "CommitMetadata.json"));
    expect(signature).toMatchObject({ status: "signed", verifiedBy: expect.stringContaining("trusted") });
  }
  folder = await clone(site, "vouched", { token: await site.ok(["token", "create", "jane"]) });
  const allowed = path.join(keys, "allowed");
  await writeFile(allowed, `agents@example.com ${publicKey("agents")}\n`);
  const trusting = ["-c", `gpg.ssh.allowedSignersFile=${allowed}`];
  const log = linesOf(await git(folder, ...trusting, "log", "--format=%G? %GS %s", "main"));
  expect(log.length).toBeGreaterThanOrEqual(7);
  expect(log.filter((line) => !line.startsWith("G agents@example.com "))).toEqual([]);
  for (const tag of ["v1.0.0", "v1.1.0"]) await git(folder, ...trusting, "verify-tag", tag);
});

it("a push without a signature is refused, and one of a trusted signer is taken", async () => {
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant("pullRequests: { requiredApprovals: 1 }"));
  const proposal = /policy-\d+/.exec(await site.ok(["tenant", "apply", file]))?.[0] ?? "";
  const max = { env: { CONNECTSOFT_TOKEN: await site.ok(["token", "create", "max"]) } };
  await site.ok(["policy", "confirm", proposal], max);
  waiting = await site.deliver(await writeModule(site.desk, { id: "vouched", version: "1.2.0" }));
  expect(waiting.code).toBe(3);
  await git(folder, "fetch", "--quiet");
  await git(folder, "switch", "--quiet", `trace/${waiting.trace}/vouched`);
  await appendFile(path.join(folder, "server.js"), "// read by Jane\n");
  await git(folder, "commit", "--quiet", "--all", "--message", "fix: read it");
  const refused = await refusedGit(folder, "push", "origin", "HEAD");
  expect(refused).toMatch(/UnsignedCommit: .*next: /s);
  const signing = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${path.join(keys, "jane")}`];
  await git(folder, ...signing, "commit", "--quiet", "--amend", "--no-edit", "--gpg-sign");
  await git(folder, "push", "--quiet", "origin", "HEAD");
  const head = await git(folder, "rev-parse", "HEAD");
  await expect
    .poll(async () => named(await site.events(waiting.trace), "TestsPassed").map(({ data }) => data.commit))
    .toContain(head);
});

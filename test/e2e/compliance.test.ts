/** A regulated module, from what has to be set up first to the sealed copies that are left of its release. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { named, only } from "./support/events.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let keys: string;
let site: Installation;

const tenant = (rest = "") => `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager] }]
environments: [{ id: staging }]
${rest}`;

const setUp = () => {
  const key = path.join(keys, "agents");
  const publicKey = readFileSync(`${key}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  return `commits:
  types: [feat, fix, chore, ci, docs]
  requireSigned: true
  sign: { format: ssh, key: ${key} }
  trustedSshSigners: ["agents@example.com ${publicKey}"]
naming: { namespaces: "^local-", resources: "^[a-z-]+$" }
compliance: { modules: [payments, invoices] }
`;
};

beforeAll(async () => {
  keys = await mkdtemp(path.join(os.tmpdir(), "connectsoft-keys-"));
  const file = path.join(keys, "agents");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "agents", "-f", file]);
  site = await createInstallation({ tenant: tenant() });
});
afterAll(async () => {
  await site.close();
  await rm(keys, { recursive: true });
});

it("is refused when it is proposed, by everything that is not set up", async () => {
  const reason = "payments falls under the rules for payments";
  expect(await site.ok(["compliance", "on", "--module", "payments", "--reason", reason])).toContain(
    "local is at version 2 (stricter).",
  );
  const delivered = await site.deliver(await writeModule(site.desk, { id: "payments" }));
  expect(delivered.code).toBe(4);
  const { reasons } = only(delivered.events, "ReleaseRejected").data;
  expect((reasons as { code: string }[]).map(({ code }) => code)).toEqual([
    "UnsignedCommit",
    "CommitMessageInvalid",
    "NamingPolicy",
  ]);
  expect(named(delivered.events, "DeploymentStarted")).toEqual([]);
  const off = await site.connectsoft(["compliance", "off", "--module", "payments", "--reason", reason]);
  expect(off.stderr).toMatch(/^error QuorumNotMet: A second person has to confirm/);
});

it("is released where everything is set up, and leaves copies that nobody writes twice", async () => {
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant(setUp()));
  await site.ok(["tenant", "apply", file]);
  const delivered = await site.deliver(await writeModule(site.desk, { id: "invoices" }));
  expect(named(delivered.events, "ReleaseRejected").map(({ data }) => data.reasons)).toEqual([]);
  expect([delivered.code, delivered.stderr]).toEqual([0, ""]);
  const { trace } = delivered;
  expect(only(delivered.events, "ReleaseProposed").data.compliance).toBe("invoices is regulated");
  expect(await site.ok(["timeline", trace])).toMatch(/DeploymentCompleted +compliance/);

  const folder = path.join(site.desk, "memory");
  await site.ok(["memory", "export", folder, trace]);
  const sealed = await readdir(path.join(folder, "compliance", trace), { recursive: true });
  const names = sealed.map((place) => path.basename(place));
  expect(names).toEqual(expect.arrayContaining(["ReleaseSummary.json", "DeploymentSummary.json"]));
  const place = sealed.find((one) => one.endsWith("ReleaseSummary.json")) ?? "";
  const copy = readFileSync(path.join(folder, "compliance", trace, place), "utf8");
  expect(copy).toBe(readFileSync(path.join(folder, "memory", trace, place), "utf8"));
  expect(JSON.parse(copy).policy).toMatchObject({ compliance: true, requireSignedCommits: true });
});

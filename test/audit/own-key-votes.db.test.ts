/** Votes that people signed with SSH keys of their own: verified from the archive, and known as theirs where the auditor brings the key. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import { type VoteFacts, voteNamespace, voteStatement } from "../../src/domain/release/vote-statement.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { fingerprintOf } from "../../src/domain/signature/ssh-signature.ts";
import { digests } from "../support/digests.ts";
import type { TestSystem } from "../support/system.ts";
import { deliverToProduction, exported } from "./trace-archive.ts";

const run = promisify(execFile);
let world: TestSystem;
let subject: Subject;
let folder: string;

beforeAll(async () => {
  ({ world, subject } = await deliverToProduction());
  folder = await mkdtemp(path.join(os.tmpdir(), "own-key-"));
  for (const name of ["olga", "eve"])
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path.join(folder, name)]);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const publicKey = async (name: string) => (await readFile(path.join(folder, `${name}.pub`), "utf8")).trim();
const keyId = async (name: string) => fingerprintOf(await publicKey(name)) ?? "";

async function vote(comment: string, { said = comment }: { said?: string } = {}): Promise<void> {
  const facts: VoteFacts = {
    ...{ subject, environment: "production", releaseId: "release-000002", decision: "refused" },
    ...{ by: "olga", roles: [], method: "CLI", comment: said, at: "2026-01-01T00:00:00.000Z", digests },
  };
  const file = path.join(folder, "statement");
  await writeFile(file, voteStatement(facts));
  await run("ssh-keygen", ["-q", "-Y", "sign", "-f", path.join(folder, "olga"), "-n", voteNamespace, file]);
  const value = await readFile(`${file}.sig`, "utf8");
  await rm(`${file}.sig`);
  const { subject: _, environment, releaseId, ...data } = facts;
  const signature = { by: "own-key", keyId: await keyId("olga"), value };
  await world.system.engine.append(subject, [
    {
      name: "ApprovalRefused",
      source: "/studio",
      environment,
      releaseId,
      data: { ...data, roles: [], releaseId, comment, signature },
    },
  ]);
}

async function verified(trust?: string) {
  const file = path.join(folder, "archive.tar.gz");
  await writeFile(file, await exported(world, subject));
  if (trust !== undefined) await writeFile(path.join(folder, "trust"), trust);
  return await verifyFile(folder, file, trust === undefined ? {} : { trust: "trust" });
}

test("a vote by somebody's own key is verified with the key that it brings, and whose that is the auditor says", async () => {
  await vote("the limits are not checked yet");
  const key = await keyId("olga");
  const alone = await verified();
  expect(alone.json).toMatchObject({
    verdict: "consistent, not authenticated",
    ownKeys: [{ person: "olga", key, trusted: false }],
  });
  expect(alone.lines.join("\n")).toContain(
    `olga voted with a signature of their own, by ${key}, a key that the server says is theirs`,
  );
  const known = await verified(`olga ${await publicKey("olga")}\n`);
  expect(known.json).toMatchObject({ ownKeys: [{ person: "olga", key, trusted: true }] });
  expect(known.lines.join("\n")).toContain(`by ${key}, a key of theirs that you trust`);
  const other = await verified(`olga ${await publicKey("eve")}\n`);
  expect(other.lines.join("\n")).toMatch(
    /does not fit: events\/.*is signed with the key SHA256:.*none of olga's that you trust/,
  );
});

test("one that does not fit what the vote says goes into no archive", async () => {
  await vote("fine by me", { said: "not at all" });
  await expect(verified()).rejects.toThrow(
    /DigestMismatch: .*events\/booking-service.jsonl, event \d+ carries a signature that does not fit what was said/,
  );
});

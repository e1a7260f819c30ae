import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { SigningKey, SourceControl } from "../../../ports/source-control.ts";
import { createGitSourceControl } from "./git-source-control.ts";
import { runGit } from "./run-git.ts";

const run = promisify(execFile);
const author = { name: "Code Committer", email: "code-committer@example.invalid" };
const at = "2025-05-23T10:00:00.000Z";

let place: string;
let scm: SourceControl;
let count = 0;

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), "git-signatures-")));
  scm = createGitSourceControl({ root: join(place, "repositories") });
});
afterAll(() => rm(place, { recursive: true, force: true }));

function commit(repository: string, invocationId: string, signWith?: SigningKey) {
  return scm.commit({
    ...{
      repository,
      branch: "main",
      base: "main",
      subject: "feat: x",
      trailers: {},
      author,
      at,
      invocationId,
    },
    content: { files: [{ path: invocationId, content: "x" }] },
    ...(signWith === undefined ? {} : { signWith }),
  });
}

async function sshKey(): Promise<{ key: SigningKey; allowed: string }> {
  const file = join(place, `key-${++count}`);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  const allowed = `code-committer@example.invalid ${await readFile(`${file}.pub`, "utf8")}`;
  return { key: { format: "ssh", key: file }, allowed };
}

async function statuses(repository: string, trusted: { ssh?: string[]; openpgp?: string[] }) {
  const checks = await scm.verify({ repository, to: "main", trusted: { ssh: [], openpgp: [], ...trusted } });
  return checks.map(({ status }) => status);
}

/** The same signature over another message. */
async function tamper(repository: string): Promise<void> {
  const gitDir = scm.location(repository);
  const { stdout } = await runGit(["cat-file", "commit", "main"], { gitDir });
  const input = stdout.toString("latin1").replace("feat: x", "feat: y");
  const made = await runGit(["hash-object", "-t", "commit", "-w", "--stdin"], {
    gitDir,
    input: Buffer.from(input, "latin1"),
  });
  await runGit(["update-ref", "refs/heads/main", made.stdout.toString("utf8").trim()], { gitDir });
}

test("a commit signed with an SSH key is good for whom it is trusted, and only there", async () => {
  const [mine, other] = [await sshKey(), await sshKey()];
  const first = await commit("t/ssh", "i-1");
  const signed = await commit("t/ssh", "i-2", mine.key);
  expect(await commit("t/ssh", "i-2", mine.key)).toEqual(signed);
  expect(await statuses("t/ssh", { ssh: [mine.allowed] })).toEqual(["good", "unsigned"]);
  expect(await statuses("t/ssh", { ssh: [other.allowed] })).toEqual(["unknown-key", "unsigned"]);
  expect(await statuses("t/ssh", {})).toEqual(["unknown-key", "unsigned"]);
  const trusted = { ssh: [mine.allowed], openpgp: [] };
  expect(await scm.verify({ repository: "t/ssh", from: first.commit, to: "main", trusted })).toEqual([
    { commit: signed.commit, author, status: "good", signer: author.email },
  ]);
});

test("the same request signed with the same SSH key is the same commit elsewhere", async () => {
  const { key } = await sshKey();
  const [one, two] = [await commit("t/one", "i-1", key), await commit("t/two", "i-1", key)];
  expect(one.commit).toBe(two.commit);
});

test("a commit that was changed after it was signed is bad", async () => {
  const { key, allowed } = await sshKey();
  await commit("t/tampered", "i-1", key);
  await tamper("t/tampered");
  expect(await statuses("t/tampered", { ssh: [allowed] })).toEqual(["bad"]);
});

test("a GPG key signs, and is checked in a key ring of its own", async () => {
  const home = join(place, "gnupg");
  await mkdir(home);
  await chmod(home, 0o700);
  vi.stubEnv("GNUPGHOME", home);
  try {
    const made = ["--batch", "--quiet", "--passphrase", "", "--quick-generate-key"];
    await run("gpg", [...made, "Robot <robot@example.invalid>", "ed25519", "sign", "never"]);
    const { stdout: publicKey } = await run("gpg", ["--armor", "--export", "robot@example.invalid"]);
    const key = { format: "openpgp", key: "robot@example.invalid" } as const;
    await commit("t/gpg", "i-1", key);
    expect(await statuses("t/gpg", { openpgp: [publicKey] })).toEqual(["good"]);
    expect(await statuses("t/gpg", {})).toEqual(["unknown-key"]);
    await tamper("t/gpg");
    expect(await statuses("t/gpg", { openpgp: [publicKey] })).toEqual(["bad"]);
    await expect(statuses("t/gpg", { openpgp: ["no key"] })).rejects.toThrow(/InputInvalid.*armoured/);
  } finally {
    await run("gpgconf", ["--homedir", home, "--kill", "all"]);
    vi.unstubAllEnvs();
  }
});

test("merges and tags are signed too", async () => {
  const { key, allowed } = await sshKey();
  await commit("t/all", "i-1", key);
  const branch = { branch: "side", base: "main", subject: "feat: y", trailers: {}, author, at };
  await scm.commit({
    ...{ repository: "t/all", ...branch, invocationId: "i-2", signWith: key },
    content: { files: [{ path: "y", content: "y" }] },
  });
  const merge = { source: "side", target: "main", subject: "Merge", trailers: {}, author, at, signWith: key };
  const merged = await scm.merge({ repository: "t/all", ...merge, invocationId: "m-1" });
  expect(await statuses("t/all", { ssh: [allowed] })).toEqual(["good", "good", "good"]);
  const id = merged.status === "merged" ? merged.commit : "";
  const tag = { repository: "t/all", name: "v1.0.0", commit: id, message: "v1.0.0", tagger: author, at };
  await scm.tag({ ...tag, signWith: key });
  const { stdout } = await runGit(["cat-file", "tag", "v1.0.0"], { gitDir: scm.location("t/all") });
  expect(stdout.toString("utf8")).toContain("-----BEGIN SSH SIGNATURE-----");
});

test("a key that cannot sign is named, and nothing moves", async () => {
  const signWith = { format: "ssh", key: join(place, "absent") } as const;
  await expect(commit("t/keyless", "i-1", signWith)).rejects.toThrow(/Unavailable: .*absent/);
  expect(await scm.tip("t/keyless", "main")).toBeUndefined();
});

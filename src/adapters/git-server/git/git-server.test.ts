import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSourceControl, type TestSourceControl } from "../../../../test/support/source-control.ts";
import type { GitServer } from "../../../ports/git-server.ts";
import { createGitServer } from "./git-server.ts";

let git: TestSourceControl;
let server: GitServer;
let place: string;
const repository = "vetclinic-001/booking-service";
const trouble = (message: string, error: unknown) => {
  throw new Error(message, { cause: error });
};

beforeAll(async () => {
  git = await createTestSourceControl();
  place = await mkdtemp(join(tmpdir(), "git-server-"));
  server = createGitServer({ sourceControl: git.sourceControl, judge: async () => [], trouble });
  await commit(
    { "README.md": "hello\n", "src/main.js": "1\n", "src/a b/ü.txt": "x", "big.txt": "0".repeat(2_000) },
    "main",
  );
  await commit({ "src/main.js": "2\n", "binary.bin": "a\0b" }, "change");
});
afterAll(async () => {
  await git.stop();
  await rm(place, { recursive: true, force: true });
});

function commit(content: Record<string, string>, branch: string) {
  return git.sourceControl.commit({
    repository,
    branch,
    base: "main",
    content: { files: Object.entries(content).map(([path, text]) => ({ path, content: text })) },
    subject: `feat: change ${branch}`,
    trailers: {},
    author: { name: "Jane", email: "jane@example.invalid" },
    at: "2025-05-23T10:00:00Z",
    invocationId: `commit-${branch}`,
  });
}

test("a hook that may not be run refuses pushes, instead of letting all of them through", async () => {
  const hooks = join(place, "hooks");
  await mkdir(hooks);
  await writeFile(join(hooks, "pre-receive"), "#!/bin/sh\nexit 1\n", { mode: 0o644 });
  const { sourceControl } = git;
  const broken = createGitServer({ sourceControl, judge: async () => [], trouble, hooks });
  for (const phase of ["advertise", "exchange"] as const) {
    const signal = new AbortController().signal;
    const asked = broken.serve({
      repository,
      service: "git-receive-pack",
      phase,
      gzip: false,
      by: "jane",
      signal,
    });
    await expect(asked).rejects.toThrow(/Unavailable: Pushes cannot be judged/);
  }
});

test("lists branches with what stands on them", async () => {
  const branches = await server.branches(repository);
  expect(branches.map(({ name, subject, at }) => [name, subject, at])).toEqual([
    ["change", "feat: change change", "2025-05-23T10:00:00.000Z"],
    ["main", "feat: change main", "2025-05-23T10:00:00.000Z"],
  ]);
});

test("lists a folder, folders first, and knows what is none", async () => {
  expect(await server.entries({ repository, ref: "main", path: "" })).toEqual([
    { name: "src", kind: "folder" },
    { name: "README.md", kind: "file", bytes: 6 },
    { name: "big.txt", kind: "file", bytes: 2_000 },
  ]);
  expect(await server.entries({ repository, ref: "main", path: "src/a b" })).toEqual([
    { name: "ü.txt", kind: "file", bytes: 1 },
  ]);
  expect(await server.entries({ repository, ref: "main", path: "README.md" })).toBeUndefined();
  expect(await server.entries({ repository, ref: "main", path: "absent" })).toBeUndefined();
});

test("reads a file, and only says how large it is where it is binary or beyond the limit", async () => {
  const read = (path: string, ref = "change") => server.file({ repository, ref, path, maxBytes: 1_000 });
  expect(await read("src/main.js")).toEqual({
    path: "src/main.js",
    bytes: 2,
    executable: false,
    text: "2\n",
  });
  expect(await read("big.txt")).toEqual({ path: "big.txt", bytes: 2_000, executable: false });
  expect(await read("binary.bin")).toEqual({ path: "binary.bin", bytes: 3, executable: false });
  expect(await read("*.txt")).toBeUndefined();
  expect(await read("src")).toBeUndefined();
  await expect(read("../etc/passwd")).rejects.toThrow(/InputInvalid: path/);
  await expect(read("a", "--upload-pack=x")).rejects.toThrow(/NotFound/);
});

test("compares from where both sides met last, and says where the text was cut", async () => {
  await git.sourceControl.commit({
    repository,
    branch: "main",
    base: "main",
    content: { files: [{ path: "later.txt", content: "later" }] },
    subject: "feat: later",
    trailers: {},
    author: { name: "Jane", email: "jane@example.invalid" },
    at: "2025-05-23T10:00:00Z",
    invocationId: "later",
  });
  const compared = await server.compare({ repository, base: "main", head: "change", maxBytes: 100_000 });
  expect(compared.files.map(({ path, status }) => [path, status])).toEqual([
    ["binary.bin", "added"],
    ["src/main.js", "modified"],
  ]);
  expect(compared.patch).toContain("-1\n+2");
  expect(compared.truncated).toBe(false);
  const cut = await server.compare({ repository, base: "main", head: "change", maxBytes: 50 });
  expect(Buffer.byteLength(cut.patch)).toBeLessThanOrEqual(50);
  expect(cut.truncated).toBe(true);
});

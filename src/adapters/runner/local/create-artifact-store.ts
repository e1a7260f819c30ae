/**
 * Release directories by the digest of their content, below one folder. A directory counts from the moment
 * it is renamed to its digest: its bytes are on disk by then, and a kill before leaves nothing that counts.
 */
import { mkdir, open, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../domain/canonical-json.ts";
import { RefusalError, refuse } from "../../../domain/refusal.ts";
import type { ArtifactStore } from "../../../ports/pipeline-runner.ts";
import { collectArtifacts } from "./collect-artifacts.ts";
import { copyTree, flushTree } from "./copy-tree.ts";
import { onFiles } from "./file-failure.ts";
import { createLookedAt } from "./looked-at.ts";
import { privatePath, removeFolder, sweepFolders } from "./private-folders.ts";
import { createReserve } from "./reserve.ts";
import { digestOfEntries, digestTree } from "./tree-digest.ts";

export interface LocalArtifactStore extends ArtifactStore {
  /**
   * Keeps a copy of a directory under its digest, read-only; the same content again changes nothing, and puts
   * back what was changed in the store. `leftOut` names paths (with `/`) that are not part of the artifact.
   */
  put(directory: string, leftOut?: (path: string) => boolean): Promise<KeptArtifact>;
}

export interface KeptArtifact {
  digest: string;
  files: number;
  bytes: number;
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** How long a directory may look unchanged before its bytes are read again. */
const readEveryMs = 10 * 60 * 1000;

export function createArtifactStore(options: {
  root: string;
  now?: () => Date;
  readEveryMs?: number;
}): LocalArtifactStore {
  const { root, now = () => new Date() } = options;
  const unfinished = join(root, "unfinished");
  const aside = join(root, "changed");
  let swept: Promise<void> | undefined;

  const reserve = join(root, "reserve");
  const copies = createReserve({ reserve, unfinished, aside });
  const lookedAt = createLookedAt({ readEveryMs: options.readEveryMs ?? readEveryMs });

  return {
    put,
    open: openArtifact,
    has: (digest) => isFolder(folderOf(digest)),
    digestNow,
    async secure(digest) {
      const folder = folderOf(digest);
      if (await isFolder(folder)) await onFiles(root, () => copies.secure(digest, folder));
    },
    restore: (digest) => onFiles(root, () => copies.restore(digest, folderOf(digest))),
    collect: (keep, { olderThanMs }) =>
      onFiles(root, () =>
        collectArtifacts({ folders: [root, reserve], unfinished }, { keep, olderThanMs, now: now() }),
      ),
  };

  function put(directory: string, leftOut?: (path: string) => boolean): Promise<KeptArtifact> {
    return onFiles(root, async () => {
      await mkdir(unfinished, { recursive: true });
      await sweepOnce();
      const copy = privatePath(unfinished);
      try {
        const { entries, files, bytes } = await copyTree(directory, copy, leftOut);
        const digest = digestOfEntries(entries);
        await keep(copy, digest);
        return { digest, files, bytes };
      } finally {
        await removeFolder(copy);
      }
    });
  }

  async function openArtifact(digest: string): Promise<string> {
    const folder = folderOf(digest);
    if (!(await isFolder(folder)))
      throw refuse(
        "NotFound",
        `There is no artifact ${digest} on this host.`,
        "Build it here: connectsoft rebuild, or run the worker on the host that built it.",
      );
    const found = await onFiles(root, () => digestTree(folder));
    if (found === digest) return folder;
    throw refuse(
      "DigestMismatch",
      `The bytes of artifact ${digest} were changed after it was built; they are now ${found}.`,
      "Nothing was started from it. Build it again (connectsoft rebuild) and find out who writes to the artifact store.",
    );
  }

  async function digestNow(digest: string): Promise<string | undefined> {
    const folder = folderOf(digest);
    if (!(await isFolder(folder))) return undefined;
    return await onFiles(root, () => lookedAt.digest(folder, () => digestOrWhy(folder)));
  }

  async function keep(copy: string, digest: string): Promise<void> {
    const folder = folderOf(digest);
    if (await isFolder(folder)) {
      if ((await digestTree(folder)) === digest) {
        // Who made it again needs it: it is as young as if it were new.
        await utimes(folder, now(), now());
        return;
      }
      await mkdir(aside, { recursive: true });
      await rename(folder, privatePath(aside));
    }
    await flushTree(copy);
    await rename(copy, folder).catch((error: NodeJS.ErrnoException) => {
      // Another worker was first, with the same bytes.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
    await flush(root);
  }

  function folderOf(digest: string): string {
    if (!digestForm.test(digest))
      throw refuse("InputInvalid", `${digest} is not a digest, expected sha256: and 64 hexadecimal digits.`);
    return join(root, digest.replace(":", "-"));
  }

  function sweepOnce(): Promise<void> {
    swept ??= Promise.all([sweepFolders(unfinished, now()), sweepFolders(aside, now())]).then(
      () => undefined,
    );
    return swept;
  }
}

/** What cannot be part of an artifact, such as a link that leaves it, is a change like any other. */
async function digestOrWhy(folder: string): Promise<string> {
  try {
    return await digestTree(folder);
  } catch (error) {
    if (error instanceof RefusalError) return sha256(error.message);
    throw error;
  }
}

/** Makes the names in a directory durable. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/** A Unix socket that no other user may open, not even between its making and the change of its mode. */
import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:net";

/** What a dead predecessor left at the path is replaced; that it is dead is for the caller to know. */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  const before = process.umask(0o077);
  server.listen(path);
  process.umask(before);
  await once(server, "listening");
  await chmod(path, 0o600);
}

/** A folder of one run alone. What went wrong in the run is told, and not what its removal then stumbled over. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export async function inFolder<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const result = await work(folder);
    await remove();
    return result;
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}

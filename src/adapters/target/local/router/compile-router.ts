import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeFolder, nodeFlags, type RouterOrder } from "./spawn-router.ts";

/**
 * Once for each revision: a short process that compiles the router's code and leaves the result on disk. A router
 * that had to compile it would keep the compiler in its memory for life, and begin half a second later.
 */
export async function compileRouter(order: RouterOrder): Promise<void> {
  const folder = codeFolder(order);
  const done = join(folder, order.revision);
  if (existsSync(done)) return;
  await rm(folder, { recursive: true, force: true });
  const env = { ...order.environment, NODE_COMPILE_CACHE: folder };
  await promisify(execFile)(order.execPath, [...nodeFlags, order.entry, "compile"], { env });
  await writeFile(done, "");
}

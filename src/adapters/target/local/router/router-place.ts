/** Where the routers of a data directory keep what. */
import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFolder } from "../compile-once.ts";
import { layoutOf, makeDirectory, privateTemporaryFolder, socketPathLimit } from "../layout.ts";
import type { RouterOrder } from "./spawn-router.ts";

const entry = fileURLToPath(new URL("./main.ts", import.meta.url));
const logLimitBytes = 1024 * 1024;

export interface RouterPlace {
  table: string;
  /** One socket a router, by its process id. */
  sockets: string;
  /** What is needed to begin one more. */
  order(revision: string): Omit<RouterOrder, "environment">;
}

export function routerPlace(directory: string): RouterPlace {
  const folder = join(layoutOf(directory).directory, "router");
  makeDirectory(folder);
  const sockets = socketFolder(folder);
  const table = join(folder, "table.json");
  const log = join(folder, "router.log");
  return {
    table,
    sockets,
    order(revision) {
      rotate(log);
      const code = codeFolder(join(folder, "code"));
      return { execPath: process.execPath, entry, folder, table, sockets, log, code, revision };
    },
  };
}

function socketFolder(folder: string): string {
  if (Buffer.byteLength(join(folder, "4194304.sock")) <= socketPathLimit) return folder;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const elsewhere = join(privateTemporaryFolder(), name);
  makeDirectory(elsewhere);
  return elsewhere;
}

function rotate(log: string): void {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(log, `${log}.1`);
  closeSync(openSync(log, "a", 0o600));
}

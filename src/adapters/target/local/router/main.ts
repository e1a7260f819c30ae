/**
 * Entry of a router: `main.ts <folder> <table> <sockets> <revision>`, told by its first message where to listen. It serves
 * without the supervisor that began it, by the last table on disk, until it is told to leave or to stop.
 */
import { existsSync } from "node:fs";
import type { Server } from "node:net";
import { RefusalError } from "../../../../domain/refusal.ts";
import { createRouterApi } from "./router-api.ts";
import { type SharedListener, shareListener } from "./share-listener.ts";
import type { Began, Begin } from "./spawn-router.ts";

const [folder = "", table = "", sockets = "", revision = ""] = process.argv.slice(2);

// To have all of the code compiled: what is loaded late as well.
if (folder === "compile") await import("./http2-front.ts");

let told = false;

process.once("message", (begin: Begin, listening?: Server) => {
  // Its sibling was killed: nobody would ever learn of this one, which would serve by the table of now for good.
  if (listening !== undefined) process.once("disconnect", () => told || process.exit(1));
  void start(begin, listening && shareListener(listening)).then(tell, (error: unknown) => {
    if (error instanceof RefusalError) tell({ refused: error.refusal });
    else throw error;
  });
});

async function start({ ports }: Begin, listening: SharedListener | undefined): Promise<Began> {
  const api = await createRouterApi({ table, socket: `${sockets}/${process.pid}.sock`, revision });
  const status = await api.listen(ports, listening);
  // Nobody can reach us, or wants what we serve, once the folder is gone.
  setInterval(() => existsSync(folder) || process.exit(0), 10_000).unref();
  return { status };
}

function tell(began: Began): void {
  told = true;
  process.send?.(began, undefined, undefined, () => {
    if (process.connected) process.disconnect();
    if ("refused" in began) process.exit(1);
  });
}

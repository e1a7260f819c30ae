/**
 * Entry of the detached supervisor: `main.ts <directory> [routerPort]`. Ends at once, with code 0, where
 * another one holds the directory. SIGTERM and SIGINT leave the services running for the next one.
 */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { layoutOf } from "../layout.ts";
import { listenPrivately } from "../listen-privately.ts";
import { handOver } from "./acts/stop.ts";
import { createControlApi, type End } from "./control-api.ts";
import { followDirectory } from "./follow-directory.ts";
import { takeLock } from "./lock.ts";
import { openSupervisor } from "./open-supervisor.ts";

const [, , directory, port] = process.argv;
// Without a directory it is loaded to be compiled, with what would be loaded late.
if (directory === undefined) await import("../runtimes/process/process-runtime.ts");
else await main(directory, port === undefined ? undefined : Number(port));

async function main(directory: string, routerPort: number | undefined): Promise<void> {
  // Whoever started us made it: where it is gone by now, nobody waits for us any more.
  if (!existsSync(directory)) return;
  const layout = layoutOf(directory);
  const lock = takeLock(layout.lock);
  if (lock === undefined) return;
  const supervisor = await openSupervisor(layout, { routerPort, log });
  const { server, sayStopping } = createControlApi(supervisor, (how) => void end(how));
  await listenPrivately(server, layout.socket);
  log(`supervises ${layout.directory}`);
  followDirectory(layout, supervisor, sayStopping);

  async function end(how: End): Promise<void> {
    // Lets the answer of the call that ends us go out first.
    server.close();
    await Promise.race([once(server, "close"), once(AbortSignal.timeout(1_000), "abort")]);
    log(`ends: ${how}`);
    process.exit(0);
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, async () => {
      sayStopping();
      await handOver(supervisor);
      await end("hand-over");
    });
  }
}

function log(event: string): void {
  console.log(
    JSON.stringify({
      timestamp: new Date().toISOString(),
      agent: "supervisor",
      pid: process.pid,
      event,
    }),
  );
}

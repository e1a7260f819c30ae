/**
 * Finds the routers of a data directory and goes on with them, or starts them: processes of their own, which
 * serve without us. Those of another revision hand their port to new ones and finish what they have under way.
 */
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { compileOnce } from "../compile-once.ts";
import { minimalEnvironment } from "../runtimes/process/service-command.ts";
import { addTraffic } from "./add-traffic.ts";
import type { ReleaseTraffic, RouterControl, RouterTable } from "./router-control.ts";
import { type RouterPlace, routerPlace } from "./router-place.ts";
import { findRouters, RouterProcess } from "./router-process.ts";
import { routerRevision } from "./router-revision.ts";
import { nodeFlags, spawnRouter } from "./spawn-router.ts";
import { readTable, tableWriter } from "./table-file.ts";

export interface RouterOptions {
  /** Data directory of the supervisor; the router has a folder of its own in it. */
  directory: string;
  /** What people asked for; 0 is any free one. Without it: the port of before, else the first free one of our range. */
  port?: number | undefined;
  /** The port that an earlier version of the product had here. */
  formerPort?: number | undefined;
  /** Of the router's code; the one that is here where absent. */
  revision?: string;
  log?(event: string): void;
}

/** What a call takes is milliseconds; a router that needs longer hangs, and is replaced. */
const patienceMs = 5_000;
/** One serves on while another is brought back, and two carry more where there are the cores for it. */
const wanted = Math.min(2, availableParallelism());

export async function openRouter(options: RouterOptions): Promise<RouterControl> {
  const routers = new Routers(options);
  await routers.open();
  return routers;
}

class Routers implements RouterControl {
  port = 0;
  private readonly options: RouterOptions;
  private readonly place: RouterPlace;
  private readonly revision: string;
  private readonly living = new Set<RouterProcess>();
  /** Of another revision: they take no new connection, and go by the table until their last one is gone. */
  private readonly leaving = new Set<RouterProcess>();
  private readonly lastRead = new Map<RouterProcess, Record<string, ReleaseTraffic>>();
  /** Counts of routers that are gone. */
  private past: Record<string, ReleaseTraffic> = {};
  private table: RouterTable = { version: 0, routes: [] };
  private readonly persist: () => Promise<void>;
  private filling: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(options: RouterOptions) {
    this.options = options;
    this.place = routerPlace(options.directory);
    this.revision = options.revision ?? routerRevision();
    this.persist = tableWriter(this.place.table, () => ({ port: this.port, table: this.table }));
  }

  async open(): Promise<void> {
    const kept = await readTable(this.place.table);
    if (kept !== undefined) this.table = kept.table;
    this.port = this.options.port || kept?.port || this.options.formerPort || 0;
    const found = await findRouters(this.place, patienceMs);
    for (const router of found) {
      if (this.isOurs(router) && this.living.size < wanted) this.adopt(router);
      else this.release(router);
    }
    await this.fill(1);
    for (const router of this.leaving) await router.leave(patienceMs).catch(() => router.kill());
    await this.persist();
    void this.keepFull();
  }

  async apply(table: RouterTable): Promise<void> {
    this.table = table;
    await this.persist().catch((error) => {
      // Full disk: they serve by it all the same, and one that begins meanwhile by the last that was written.
      this.options.log?.(`the router's table cannot be written: ${String(error)}`);
    });
    await this.onEach((router) => router.apply(table, patienceMs));
  }

  async drain(backendIds: string[], limitMs: number): Promise<void> {
    await this.onEach((router) => router.drain(backendIds, limitMs, limitMs + patienceMs));
  }

  async traffic(): Promise<Record<string, ReleaseTraffic>> {
    await this.onEach(async (router) => void this.lastRead.set(router, await router.traffic(patienceMs)));
    return [...this.lastRead.values()].reduce(addTraffic, this.past);
  }

  letGo(): void {
    this.ended = true;
    for (const router of this.all()) router.letGo();
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.filling.catch(() => {});
    await Promise.all(this.all().map((router) => router.stop(patienceMs).catch(() => router.kill())));
    this.living.clear();
    this.leaving.clear();
  }

  private all(): RouterProcess[] {
    return [...this.living, ...this.leaving];
  }

  /** One that does not answer is ended: the next begins with the table on disk. */
  private async onEach(act: (router: RouterProcess) => Promise<void>): Promise<void> {
    await this.filling.catch(() => {});
    await Promise.all(this.all().map((router) => act(router).catch(() => router.kill())));
  }

  private isOurs({ status }: RouterProcess): boolean {
    const isOnPort = this.port === 0 || status.port === this.port;
    return status.revision === this.revision && !status.leaving && isOnPort;
  }

  private adopt(router: RouterProcess): void {
    this.port = router.status.port;
    this.living.add(router);
    router.watch(() => void this.replace(router));
  }

  private release(router: RouterProcess): void {
    this.leaving.add(router);
    router.watch(() => this.forget(router));
  }

  private forget(router: RouterProcess): void {
    this.living.delete(router);
    this.leaving.delete(router);
    this.past = addTraffic(this.past, this.lastRead.get(router) ?? {});
    this.lastRead.delete(router);
  }

  private async replace(dead: RouterProcess): Promise<void> {
    this.forget(dead);
    if (!this.ended) this.options.log?.(`router ${dead.status.pid} is gone; another takes its place`);
    await this.keepFull();
  }

  private async keepFull(): Promise<void> {
    for (let pauseMs = 50; !this.ended; pauseMs = Math.min(pauseMs * 2, patienceMs)) {
      try {
        return await this.fill(wanted);
      } catch (error) {
        this.options.log?.(`no router could be started: ${String(error)}`);
        await sleep(pauseMs);
      }
    }
  }

  /** Calls wait for it, so that none who begins misses a table. */
  private fill(count: number): Promise<void> {
    this.filling = this.filling
      .catch(() => {})
      .then(async () => {
        while (this.living.size < count && !this.ended) this.adopt(await this.begin());
      });
    return this.filling;
  }

  /** Beside one that holds the port already, so that no connection is refused; else on the port of before. */
  private async begin(): Promise<RouterProcess> {
    const order = { ...this.place.order(this.revision), environment: minimalEnvironment() };
    await compileOnce({ ...order, args: ["compile"], nodeFlags }, order.environment);
    const sharer = this.all().find(({ status }) => status.port === this.port);
    const shared = await sharer?.spawnSibling(order).catch(() => undefined);
    if (shared !== undefined) return new RouterProcess(this.place, shared);
    const unknown = await this.findUnknown();
    if (unknown !== undefined) return unknown;
    const ports = { requested: this.options.port, before: this.port || undefined };
    return new RouterProcess(this.place, await spawnRouter({ ...order, ports }));
  }

  /** The sibling of one that was killed before it could tell of it: it has the port, and a table that may be of before. */
  private async findUnknown(): Promise<RouterProcess | undefined> {
    const known = new Set(this.all().map(({ status }) => status.pid));
    const found = await findRouters(this.place, patienceMs);
    const unknown = found.find((router) => !known.has(router.status.pid) && this.isOurs(router));
    await unknown?.apply(this.table, patienceMs);
    return unknown;
  }
}

/** Notices between processes over LISTEN and NOTIFY. They only hasten what polling would find. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { subjectKey } from "../../../domain/scope.ts";
import type { StoreNotice } from "../../../ports/engine-store.ts";
import type { WrittenStep } from "./written-step.ts";

export const noticeChannel = "connectsoft";

/** A commit that concerns many deliveries says only that much: payloads are limited and listeners can look. */
const named = 8;

export function noticesOf(steps: WrittenStep[], newJobs: boolean, from: string): string[] {
  const notices: StoreNotice[] =
    steps.length > named
      ? [{ kind: "resync" }]
      : steps.map(({ after }) => ({
          kind: "delivery",
          subject: subjectKey(after.subject),
          sequence: after.head.sequence,
        }));
  if (newJobs) notices.push({ kind: "jobs" });
  return notices.map((notice) => JSON.stringify({ ...notice, from }));
}

/** Keeps one listening connection open, reconnects when it is lost, and says `resync` after each reconnection. */
export class NoticeBoard {
  /** Tells its own store's notices from those of others. */
  readonly name = randomUUID();
  private readonly url: string;
  private readonly listeners = new Set<(notice: StoreNotice) => void>();
  private client: pg.Client | undefined;
  private closed = false;

  constructor(url: string) {
    this.url = url;
  }

  subscribe(listener: (notice: StoreNotice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when it listens. Rejects where the database is away, and then does not try again by itself. */
  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: "connectsoft notices",
      keepAlive: true,
    });
    client.on("notification", ({ payload }) => {
      const { from, ...notice } = JSON.parse(payload ?? "{}") as StoreNotice & { from?: string };
      this.tell({ ...notice, own: from === this.name });
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(`listen ${noticeChannel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return await client.end();
    // Only now: a connection that never came about must not call for another one twice.
    client.on("end", () => this.reopen());
    this.client = client;
    this.tell({ kind: "resync" });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => undefined);
  }

  private reopen(): void {
    if (this.closed) return;
    setTimeout(() => {
      if (!this.closed) this.open().catch(() => this.reopen());
    }, 500).unref();
  }

  private tell(notice: StoreNotice): void {
    for (const listener of this.listeners) listener(notice);
  }
}

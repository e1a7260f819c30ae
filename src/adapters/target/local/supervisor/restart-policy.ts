/** When a serving release that ended is started again, and when its restarts are a crash loop. */
const firstBackoffMs = 200;
const longestBackoffMs = 30_000;
const loopWindowMs = 60_000;
const loopRestarts = 3;

export class RestartPolicy {
  private restartsMs: number[] = [];

  restarted(nowMs: number): void {
    this.restartsMs = [...this.recent(nowMs), nowMs];
  }

  /** Doubles with every restart within the window. */
  backoffMs(nowMs: number): number {
    return Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.recent(nowMs).length);
  }

  /** In words, where there were three restarts or more within the last minute. */
  loop(nowMs: number): string | undefined {
    const count = this.recent(nowMs).length;
    if (count < loopRestarts) return undefined;
    return `crash loop: restarted ${count} times within ${loopWindowMs / 1000} s`;
  }

  private recent(nowMs: number): number[] {
    return this.restartsMs.filter((atMs) => nowMs - atMs < loopWindowMs);
  }
}

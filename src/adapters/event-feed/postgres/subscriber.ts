/** One reader's queue. Items are shared with all others; who does not fetch them in time is left behind. */
import type { FeedItem } from "../../../ports/event-feed.ts";

const longestQueue = 2_000;

export interface Subscriber {
  push(item: FeedItem): void;
  /** Each time what came since the last. */
  items(signal: AbortSignal): AsyncGenerator<readonly FeedItem[]>;
}

export function createSubscriber(): Subscriber {
  let queue: FeedItem[] = [];
  let isLeftBehind = false;
  let wake: (() => void) | undefined;
  return {
    push(item) {
      if (isLeftBehind) return;
      if (queue.length >= longestQueue) {
        queue = [{ kind: "behind" }];
        isLeftBehind = true;
      } else queue.push(item);
      wake?.();
    },
    async *items(signal) {
      const stop = () => wake?.();
      signal.addEventListener("abort", stop);
      try {
        while (!signal.aborted) {
          const taken = queue;
          queue = [];
          if (taken.length > 0) yield taken;
          if (taken[0]?.kind === "behind") return;
          if (queue.length > 0 || signal.aborted) continue;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
  };
}

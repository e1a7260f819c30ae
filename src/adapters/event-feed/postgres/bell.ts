/** Wakes one who waits. Remembers one ring, so that none between two waits is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after a while. */
  next(withinMs: number): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async next(withinMs) {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          timer.unref();
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      [rung, wake] = [false, undefined];
    },
  };
}

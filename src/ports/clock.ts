/** Time as an argument: the system's, or a virtual one that tests and simulations move by hand. */
export interface Clock {
  now(): Date;
  /** Runs a task after a delay in milliseconds; returns its cancellation. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.min(delayMs, 2 ** 31 - 1));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

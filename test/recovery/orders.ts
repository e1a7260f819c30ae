/** What a recovery test tells a worker process. */
export interface WorkerOrders {
  databaseUrl: string;
  /** The file of outside effects: `<invocationId> <pid>` on each line. */
  effects: string;
  kill?: KillPoint;
  /** A trace whose work never ends. */
  holds?: string;
}

export interface KillPoint {
  traceId: string;
  moment: "before" | "after";
  what: "commit" | "effect";
  /** Counted from 1 in this process, for this trace. */
  nth: number;
}

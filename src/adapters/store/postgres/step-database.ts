import type { Pool } from "pg";
import type { RecordCache } from "./record-cache.ts";

/** What steps are taken on. */
export interface StepDatabase {
  pool: Pool;
  /** The name under which notices go out. */
  from: string;
  cache: RecordCache;
}

/** What is known of a trace's modules in one environment; read anew each time, and acted on by nobody here. */
import type { TraceView } from "../domain/release/trace-view.ts";

export interface Traces {
  /** Modules that are part of the trace, and all that one of these depends on. */
  read(at: { tenantId: string; traceId: string; environment: string }): Promise<TraceView>;
}

/** What is followed live where the caller accepts `text/event-stream`. The data of each event is the JSON told here. */

import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import type { Update } from "../../operations/follow-delivery.ts";
import type { LogLine } from "../../operations/read-logs.ts";
import type { PipelineRun } from "../../operations/run-pipeline.ts";
import type { FeedEvent } from "../../operations/system.ts";
import type { Problem } from "../problem.ts";

/** By the operation's name; scripts/contract reads the answers of these streams here. */
export interface EventStreams {
  /** Each event of the chain; after `Last-Event-ID`, the sequence of one, nothing is left out. `progress` is kept nowhere. */
  readEvents:
    | { event: EventName /** The sequence. */; id: string; data: DeliveryEvent }
    | { event: "progress"; data: Omit<Extract<Update, { kind: "progress" }>, "kind"> };
  /** Each event of the tenant; after `Last-Event-ID`, the position of one, nothing is left out. `reset`: that place is not known, and lists are to be read again. */
  readStream:
    | { event: "message" /** The position. */; id: string; data: FeedEvent }
    | { event: "reset"; id: string; data: Record<string, never> };
  /** The last lines, then each as it is written. There is no coming back to where one was. */
  readLogs: { event: "line"; data: LogLine };
  /** Each line as it is printed, then one `run` or one `problem`. Going away ends the run. */
  runPipeline:
    | { event: "line"; data: { line: string } }
    | { event: "run"; data: PipelineRun }
    | { event: "problem"; data: Problem }
    | { event: "heartbeat"; data: Record<string, never> };
}

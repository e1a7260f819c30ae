/** Operations that are followed live where the caller accepts `text/event-stream`: their events, by name. */
import type { JsonSchema } from "./json-schema.ts";

interface EventStream {
  description: string;
  /** JSON Schema of the data of each event by its name; `*` stands for every other name. */
  events: Record<string, JsonSchema>;
}

const line: JsonSchema = { type: "object", properties: { line: { type: "string" } }, required: ["line"] };
const component = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const eventStreams: Record<string, EventStream> = {
  readEvents: {
    description:
      "Each event of the chain by its name, with its sequence as the id; after `Last-Event-ID` nothing is left out. `progress` events have no id and are kept nowhere.",
    events: { "*": component("DeliveryEvent"), progress: { type: "object" } },
  },
  readLogs: {
    description: "The last lines, then each as it is written.",
    events: { line: component("LogLine") },
  },
  runPipeline: {
    description: "Each line as it is printed, then one `run` or one `problem`.",
    events: { line, run: component("PipelineRun"), problem: component("Problem") },
  },
};

/** What `ingestEvent` takes and answers beside one event as JSON: CloudEvents' HTTP binding 1.0.2. */
import type { JsonSchema } from "./json-schema.ts";

/** Structured, batched and binary. */
export function cloudEventContents(event: JsonSchema): Record<string, { schema: JsonSchema }> {
  return {
    "application/cloudevents+json": { schema: event },
    "application/cloudevents-batch+json": { schema: { type: "array", items: event, maxItems: 100 } },
    "application/json": {
      schema: { type: "object", description: "The event's data, with its attributes as `ce-` headers." },
    },
  };
}

/** Of a batch: each event is taken or refused by itself. */
export function batchResponse(answer: JsonSchema): Record<string, object> {
  const item: JsonSchema = {
    type: "object",
    properties: {
      id: { type: "string", description: "The event's own." },
      status: { type: "integer" },
      result: answer,
      problem: { $ref: "#/components/schemas/Problem" },
    },
    required: ["id", "status"],
  };
  return {
    "207": {
      description: "What became of each event of a batch, in their order.",
      content: { "application/json": { schema: { type: "array", items: item } } },
    },
  };
}

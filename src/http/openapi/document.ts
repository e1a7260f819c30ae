/** OpenAPI 3.1 of the HTTP face: made from the catalogue, with the answers as scripts/contract reads them from the types. */
import { readFileSync } from "node:fs";
import { catalogue } from "../../operations/catalogue.ts";
import type { Operation } from "../../operations/operation.ts";
import { batchResponse, cloudEventContents } from "./cloud-events.ts";
import { answerHeaders, headerParameters, keptBy, otherResponses } from "./headers.ts";
import { hookPaths } from "./hook-paths.ts";
import { type Input, inputOf } from "./inputs.ts";
import type { JsonSchema } from "./json-schema.ts";
import { problemReferences, problemResponses, problemSchema } from "./problems.ts";
import { sessionPaths } from "./session-paths.ts";
import { tagOf } from "./tags.ts";

export interface Answers {
  /** By the operation's name; those of `sessionPaths` with them. */
  answers: Record<string, JsonSchema>;
  /** Of one event of its stream, by the name of an operation that has one. */
  streams: Record<string, JsonSchema>;
  /** What both refer to as `#/components/schemas/<name>`. */
  components: Record<string, JsonSchema>;
}

export interface OpenApiDocument {
  openapi: "3.1.0";
  paths: Record<string, Record<string, object>>;
  components: { schemas: Record<string, JsonSchema>; [kind: string]: object };
  [field: string]: unknown;
}

const description = `Every operation of the control plane. Refusals are problem details (RFC 9457) with a stable \`code\`.`;

/** The committed answers, unless others are given. */
export function openApiDocument(version: string, made: Answers = readAnswers()): OpenApiDocument {
  const operations = catalogue.map((operation) => ({ operation, input: inputOf(operation) }));
  const paths: OpenApiDocument["paths"] = {};
  for (const { operation, input } of operations) {
    const at = operation.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[at] = {
      ...paths[at],
      [operation.method.toLowerCase()]: describe(operation, input, made),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ConnectSoft delivery",
      version,
      description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(catalogue.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths: { ...paths, ...hookPaths(), ...sessionPaths(made.answers) },
    components: {
      schemas: {
        ...Object.assign({}, ...operations.map(({ input }) => input.components)),
        ...made.components,
        Problem: problemSchema(),
      },
      parameters: headerParameters,
      headers: answerHeaders,
      responses: { ...problemResponses(), ...otherResponses },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An access token, or one of the tenant's provider.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-connectsoft-session",
          description:
            "A browser's session; `connectsoft-session-<port>` where there is no TLS. What changes something also sends `x-csrf-token`, as GET /session says it.",
        },
      },
    },
  };
}

function describe(operation: Operation, { parameters, body }: Input, made: Answers): object {
  const answer = made.answers[operation.name] ?? {};
  const stream = made.streams[operation.name];
  const isEvent = operation.name === "ingestEvent";
  const { contentMediaType } = answer;
  const kept = keptBy(operation, typeof contentMediaType === "string");
  const all = [...parameters, ...kept.parameters];
  return {
    operationId: operation.name,
    tags: [tagOf(operation.path)],
    summary: operation.summary,
    description: `Needs \`${operation.action}\`.`,
    ...(all.length > 0 && { parameters: all }),
    ...(body !== undefined && {
      requestBody: {
        required: body.required,
        content: isEvent ? cloudEventContents(body.schema) : { "application/json": { schema: body.schema } },
      },
    }),
    responses: {
      "200": {
        description: answer.description ?? "Done.",
        ...kept.answer,
        content: {
          ...(typeof contentMediaType === "string"
            ? { [contentMediaType]: {} }
            : { "application/json": { schema: answer } }),
          ...(stream !== undefined && {
            "text/event-stream": { schema: stream },
          }),
        },
      },
      ...kept.responses,
      ...(isEvent && batchResponse(answer)),
      ...problemReferences(),
    },
  };
}

function readAnswers(): Answers {
  return JSON.parse(readFileSync(new URL("answers.json", import.meta.url), "utf8"));
}

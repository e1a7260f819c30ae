/** Refusals in the document: one response for each status, with the codes that it stands for. */
import { type RefusalCode, refusalEffects } from "../../domain/refusal.ts";
import { statusOf } from "../problem.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What no refusal of the catalogue says: of the face itself. */
const ofTheFace = { NotFound: 404, Unexpected: 500 } as const;

const meanings: Record<number, string> = {
  400: "A field of the input does not fit; the answer names it.",
  401: "There is no token or session that is good.",
  403: "It is not the caller's to do.",
  404: "It is not there, or not for the caller to see.",
  409: "It conflicts with how things stand.",
  413: "The body is longer than is taken.",
  422: "A file does not declare what it should.",
  429: "There were too many calls; `Retry-After` says when to come back.",
  500: "Something failed that was not expected; the server's log says what.",
  503: "What is needed for it is away for now.",
};

const problemMediaType = "application/problem+json";

/** A response by status, for `components.responses`. */
export function problemResponses(): Record<string, object> {
  return Object.fromEntries(
    [...codesByStatus()].map(([status, codes]) => [
      responseName(status),
      {
        description: meanings[status] ?? "It is refused.",
        content: {
          [problemMediaType]: {
            schema: {
              allOf: [{ $ref: "#/components/schemas/Problem" }],
              type: "object",
              properties: { status: { const: status }, code: { type: "string", enum: codes } },
              required: ["status", "code"],
            },
          },
        },
      },
    ]),
  );
}

/** References to them, for an operation. */
export function problemReferences(): Record<string, { $ref: string }> {
  return Object.fromEntries(
    [...codesByStatus().keys()].map((status) => [
      String(status),
      { $ref: `#/components/responses/${responseName(status)}` },
    ]),
  );
}

export function problemSchema(): JsonSchema {
  return {
    type: "object",
    description: "Problem details (RFC 9457) of a refusal.",
    properties: {
      type: { type: "string", format: "uri", description: "`urn:connectsoft:problem:` and the code." },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string", description: "What was refused and what was expected." },
      code: {
        type: "string",
        description: "Stable, the same on every face.",
        enum: [...new Set([...codesByStatus().values()].flat())].sort(),
      },
      next: { type: "string", description: "What the reader can do now." },
      instance: { type: "string", format: "uri-reference", description: "The address that was asked." },
      errors: {
        type: "array",
        description: "Fields of the input that do not fit.",
        items: {
          type: "object",
          properties: {
            pointer: {
              type: "string",
              description: "JSON pointer (RFC 6901) into the input, as a fragment.",
            },
            detail: { type: "string" },
          },
          required: ["pointer", "detail"],
        },
      },
    },
    required: ["type", "title", "status", "detail", "code"],
  };
}

function codesByStatus(): Map<number, string[]> {
  const found = new Map<number, Set<string>>([[413, new Set(["InputInvalid"])]]);
  const add = (status: number, code: string) => found.set(status, (found.get(status) ?? new Set()).add(code));
  for (const code of Object.keys(refusalEffects) as RefusalCode[]) add(statusOf(code), code);
  for (const [code, status] of Object.entries(ofTheFace)) add(status, code);
  return new Map(
    [...found].sort(([one], [other]) => one - other).map(([status, codes]) => [status, [...codes]]),
  );
}

function responseName(status: number): string {
  return `Problem${status}`;
}

/** Headers that keep a caller from getting an answer twice, and from doing a thing twice. */
import type { Operation } from "../../operations/operation.ts";

export const headerParameters = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "A UUID: a request that is sent again with it is answered as before, and done once.",
    schema: { type: "string", minLength: 1, maxLength: 200 },
  },
  IfNoneMatch: {
    name: "If-None-Match",
    in: "header",
    required: false,
    description: "The `ETag` of the answer that the caller has.",
    schema: { type: "string" },
  },
};

export const answerHeaders = {
  ETag: { description: "Of this answer; see `If-None-Match`.", schema: { type: "string" } },
};

export const otherResponses = {
  NotModified: {
    description: "The caller has this answer already.",
    headers: { ETag: { $ref: "#/components/headers/ETag" } },
  },
};

/** What of it an operation takes and answers. */
export function keptBy({ method }: Pick<Operation, "method">, isFile: boolean) {
  const parameter = (name: keyof typeof headerParameters) => ({ $ref: `#/components/parameters/${name}` });
  if (method === "POST") return { parameters: [parameter("IdempotencyKey")] };
  if (method !== "GET" || isFile) return { parameters: [] };
  return {
    parameters: [parameter("IfNoneMatch")],
    answer: { headers: { ETag: { $ref: "#/components/headers/ETag" } } },
    responses: { "304": { $ref: "#/components/responses/NotModified" } },
  };
}

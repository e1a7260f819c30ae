import { compileErrors, validate } from "@readme/openapi-parser";
import { describe, expect, test } from "vitest";
import { refusalEffects } from "../../domain/refusal.ts";
import { catalogue } from "../../operations/catalogue.ts";
import { openApiDocument } from "./document.ts";
import { problemResponses } from "./problems.ts";

const document = openApiDocument("1.2.3");
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as Described) })),
);
/** Of the server itself, and not of the catalogue. */
const elsewhere = operations.filter(({ servers }) => servers !== undefined);

interface Described {
  servers?: { url: string }[];
  operationId: string;
  parameters?: ({ name: string; in: string; required: boolean } | { $ref: string })[];
  requestBody?: { required: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: object }> }>;
}

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1 by a validator of others", async () => {
    const result = await validate(structuredClone(document) as never);
    expect(result.valid ? "valid" : compileErrors(result)).toBe("valid");
  });

  test("holds every operation of the catalogue once, under its method and address", () => {
    const told = operations
      .filter((one) => !elsewhere.includes(one))
      .map(({ operationId, method, path }) => `${operationId} ${method} ${path}`);
    const meant = catalogue.map(
      ({ name, method, path }) => `${name} ${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`,
    );
    // Called by programs outside, with a secret in place of a token.
    const ofHooks = "callHook post /hooks/{tenantId}/{hook}";
    expect(told.sort()).toEqual([...meant, ofHooks].sort());
  });

  test("holds how a browser signs in and out, where that is", () => {
    expect(elsewhere.map(({ method, path, servers }) => `${method} ${servers?.[0]?.url} ${path}`)).toEqual([
      "post / /session",
      "get / /session",
      "delete / /session",
      "get / /sign-in",
      "get / /sign-in/start",
      "get / /sign-in/callback",
    ]);
  });

  // Where it fails, the answers are older than the catalogue: npm run contract.
  test("knows the answer of every operation", () => {
    const unknown = operations.filter(({ responses }) => {
      const content = Object.values(responses["200"]?.content ?? {});
      return content.some(({ schema }) => schema !== undefined && Object.keys(schema).length === 0);
    });
    expect(unknown.map(({ operationId }) => operationId)).toEqual([]);
  });

  test("refers to nothing that it does not hold", () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)\/([^"/]+)"/g);
    const { components } = document;
    const dangling = [...references].filter(
      ([, kind = "", name = ""]) => !Object.hasOwn(components[kind] ?? {}, name),
    );
    expect(dangling.map(([text]) => text)).toEqual([]);
  });

  test("gives each code of a refusal one status", () => {
    const byCode = new Map<string, string[]>();
    for (const [name, response] of Object.entries(problemResponses()))
      for (const code of codesIn(response)) byCode.set(code, [...(byCode.get(code) ?? []), name]);
    byCode.set(
      "InputInvalid",
      (byCode.get("InputInvalid") ?? []).filter((name) => name !== "Problem413"),
    );
    const unclear = Object.keys(refusalEffects).filter((code) => byCode.get(code)?.length !== 1);
    expect(unclear).toEqual([]);
  });

  test("puts fields in the path first, then in the query of what has no body, and else in the body", () => {
    const find = (id: string) => operations.find(({ operationId }) => operationId === id);
    const places = (id: string) =>
      find(id)?.parameters?.flatMap((field) => ("name" in field ? [`${field.in} ${field.name}`] : []));
    const body = (id: string) => Object.values(find(id)?.requestBody?.content ?? {})[0]?.schema;
    expect(places("readEvents")).toEqual([
      "path tenantId",
      "path traceId",
      "path moduleId",
      "query after",
      "query limit",
    ]);
    expect(places("unsetConfig")).toEqual(["path environment", "path name", "query moduleId"]);
    expect(places("setConfig")).toEqual(["path environment", "path name"]);
    expect(body("setConfig")).toMatchObject({ required: ["value"] });
    expect(Object.keys(body("setConfig")?.properties ?? {})).not.toContain("name");
  });

  test("tells what is followed live, and what comes as a file", () => {
    const types = (id: string) =>
      Object.keys(operations.find(({ operationId }) => operationId === id)?.responses["200"]?.content ?? {});
    expect(types("readEvents")).toEqual(["application/json", "text/event-stream"]);
    expect(types("exportAudit")).toEqual(["application/gzip"]);
  });
});

function codesIn(response: object): string[] {
  const { content } = response as {
    content: Record<string, { schema: { properties: { code: { enum: string[] } } } }>;
  };
  return Object.values(content).flatMap(({ schema }) => schema.properties.code.enum);
}

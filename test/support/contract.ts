/** Holds answers to the OpenAPI document. Its objects are closed here: a field that the document does not tell is a fault. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { openApiDocument } from "../../src/http/openapi/document.ts";

interface Told {
  operationId: string;
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: object }> }>;
}

const document = openApiDocument("0.0.0");
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: "document", components: closed(document.components) });
const checks = new Map<string, ValidateFunction>();

const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, told]) => ({
    method: method.toUpperCase(),
    path,
    pattern: new RegExp(`^${"servers" in told ? "" : "/api/v1"}${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    told: told as Told,
  })),
);

/** The operation that was answered. Throws where its answer is not what the document says. */
export async function heldToContract(
  { method, url }: { method: string; url: string },
  response: Response,
): Promise<string | undefined> {
  const { pathname } = new URL(url, "http://any.test");
  const found = routes.filter((one) => one.method === method && one.pattern.test(pathname));
  const route = found.find(({ path }) => !path.includes("{")) ?? found[0];
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  if (route === undefined || !/\bjson$/.test(type)) return undefined;
  const { told } = route;
  const problems = misfits(told, { status: response.status, type, body: await response.clone().json() });
  if (problems.length === 0) return told.operationId;
  throw new Error(`${told.operationId} ${response.status}: ${problems.join("; ")}`);
}

function misfits(
  told: Told,
  { status, type, body }: { status: number; type: string; body: unknown },
): string[] {
  const key = `${told.operationId} ${status}`;
  const named = told.responses[status];
  if (named === undefined) return ["the document tells no such status"];
  const response = named.$ref === undefined ? named : (resolve(named.$ref) as typeof named);
  const schema = response.content?.[type]?.schema;
  if (schema === undefined) return [`the document tells no ${type}`];
  const check = checks.get(key) ?? ajv.compile(withinDocument(closed(schema)) as object);
  checks.set(key, check);
  if (check(body)) return [];
  return (check.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
  );
}

function resolve(reference: string): unknown {
  return reference
    .split("/")
    .slice(1)
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
}

function withinDocument(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
}

function closed<Schema>(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    const isOpen = value?.type === "object" && "properties" in value && !("additionalProperties" in value);
    return isOpen && !("allOf" in value) ? { ...value, additionalProperties: false } : value;
  });
}

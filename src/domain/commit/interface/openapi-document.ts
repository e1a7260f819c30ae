/** OpenAPI 3.0 and 3.1 documents, JSON or YAML, as far as their consumers see them. */
import { parseDocument } from "yaml";

export interface ApiOperation {
  parameters: Map<string, { required: boolean; schema: unknown }>;
  requestBody: { required: boolean; media: Map<string, unknown> } | undefined;
  responses: Map<string, Map<string, unknown>>;
  secured: boolean;
}

export interface ApiDocument {
  /** By `GET /bookings/{}`: the name of a path parameter is not part of the address. */
  operations: Map<string, ApiOperation>;
  /** Follows `$ref` within the document; anything else stays as it is. */
  resolve(value: unknown): unknown;
}

export function isApiDocument(path: string): boolean {
  if (/(^|\/)(node_modules|tests?|__tests__|fixtures|examples?)\//.test(path)) return false;
  return /(^|\/)[^/]*(openapi|swagger)[^/]*\.(json|ya?ml)$/i.test(path);
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Undefined where the text is no OpenAPI 3 document. */
export function readApiDocument(text: string): ApiDocument | undefined {
  const root = parse(text);
  if (!isRecord(root) || !/^3\./.test(String(root.openapi))) return undefined;
  const resolve = (value: unknown) => follow(root, value);
  const operations = new Map<string, ApiOperation>();
  for (const [path, rawItem] of entriesOf(root.paths)) {
    const item = resolve(rawItem);
    if (!isRecord(item)) continue;
    for (const method of methods) {
      const operation = resolve(item[method]);
      if (!isRecord(operation)) continue;
      const name = `${method.toUpperCase()} ${path}`;
      operations.set(name, readOperation({ root, item, operation, resolve }));
    }
  }
  return { operations, resolve };
}

/** Two names of one operation: `GET /a/{id}` and `GET /a/{key}`. */
export function addressOf(name: string): string {
  return name.replace(/\{[^}]*\}/g, "{}");
}

function readOperation(given: {
  root: Record<string, unknown>;
  item: Record<string, unknown>;
  operation: Record<string, unknown>;
  resolve(value: unknown): unknown;
}): ApiOperation {
  const { root, item, operation, resolve } = given;
  const parameters: ApiOperation["parameters"] = new Map();
  for (const raw of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
    const one = resolve(raw);
    // The name of a path parameter is positional: its place in the path is what counts.
    if (!isRecord(one) || one.in === "path") continue;
    const name = `${String(one.in)} parameter ${String(one.name)}`;
    parameters.set(name, { required: one.required === true, schema: one.schema });
  }
  const body = resolve(operation.requestBody);
  const responses = entriesOf(operation.responses).map(([status, raw]): [string, Map<string, unknown>] => {
    const response = resolve(raw);
    return [status, mediaOf(isRecord(response) ? response.content : undefined)];
  });
  const security = listOf(operation.security ?? root.security);
  return {
    parameters,
    requestBody: isRecord(body)
      ? { required: body.required === true, media: mediaOf(body.content) }
      : undefined,
    responses: new Map(responses),
    secured: security.length > 0 && security.every((one) => entriesOf(one).length > 0),
  };
}

function mediaOf(content: unknown): Map<string, unknown> {
  return new Map(
    entriesOf(content).map(([type, media]) => [type, isRecord(media) ? media.schema : undefined]),
  );
}

function follow(root: Record<string, unknown>, value: unknown): unknown {
  let at = value;
  for (let hops = 0; isRecord(at) && typeof at.$ref === "string" && hops < 20; hops += 1) {
    if (!at.$ref.startsWith("#/")) return at;
    at = at.$ref
      .slice(2)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((from, part) => (isRecord(from) ? from[part] : undefined), root);
  }
  return at;
}

function parse(text: string): unknown {
  try {
    const document = parseDocument(text);
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An operation's input as HTTP carries it: fields of the path, of the query where there is no body, and of the body. */
import { z } from "zod";
import type { Operation } from "../../operations/operation.ts";
import type { JsonSchema } from "./json-schema.ts";

export interface Input {
  parameters: Parameter[];
  body?: { schema: JsonSchema; required: boolean };
  /** What schemas of this input refer to. */
  components: Record<string, JsonSchema>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export function inputOf(operation: Operation): Input {
  const { schema, components } = schemaOf(operation);
  const { properties = {}, required = [] } = schema;
  const inPath = pathFields(operation.path);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const parameter = (name: string, place: Parameter["in"]): Parameter => {
    const { description, ...field } = properties[name] ?? { type: "string" };
    const isRequired = place === "path" || required.includes(name);
    return {
      name,
      in: place,
      required: isRequired,
      ...(description !== undefined && { description }),
      schema: field,
    };
  };
  const parameters = inPath.map((name) => parameter(name, "path"));
  if (!takesBody(operation))
    return { parameters: [...parameters, ...others.map((name) => parameter(name, "query"))], components };
  if (others.length === 0) return { parameters, components };
  const wanted = required.filter((name) => others.includes(name));
  return {
    parameters,
    components,
    body: {
      required: wanted.length > 0,
      schema: {
        ...schema,
        properties: Object.fromEntries(others.map((name) => [name, properties[name] ?? {}])),
        required: wanted,
      },
    },
  };
}

export function takesBody({ method }: Pick<Operation, "method">): boolean {
  return method === "POST" || method === "PUT";
}

export function pathFields(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
}

/** Of an object always: each operation's input is one. What it defines for itself goes to the components by a name of its own. */
function schemaOf({ name, input }: Operation): {
  schema: JsonSchema;
  components: Record<string, JsonSchema>;
} {
  const made = z.toJSONSchema(input, { io: "input", unrepresentable: "any", override: plainTimes });
  const prefix = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Input`;
  const placed: JsonSchema = JSON.parse(
    JSON.stringify(made).replaceAll(
      /"#\/\$defs\/(?:__schema)?(\w+)"/g,
      (_ref, id: string) => `"#/components/schemas/${prefix}${id}"`,
    ),
  );
  const { $schema, $defs = {}, ...schema } = placed;
  const components = Object.entries($defs as Record<string, JsonSchema>).map(([id, definition]) => {
    const component = prefix + id.replace("__schema", "");
    return [component, isAnyJson(component, definition) ? {} : definition] as const;
  });
  return { schema, components: Object.fromEntries(components) };
}

/** zod tells `z.json()` as null, a boolean, and so on to lists and objects of itself. */
function isAnyJson(name: string, { anyOf = [] }: JsonSchema): boolean {
  const isItself = (schema: unknown) => JSON.stringify(schema)?.endsWith(`/${name}"}`) === true;
  return (
    anyOf.some(({ type }) => type === "null") &&
    anyOf.some(({ items }) => isItself(items)) &&
    anyOf.some(({ additionalProperties }) => isItself(additionalProperties))
  );
}

/** The format says it all; zod's pattern for it is half a page. */
function plainTimes({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
}

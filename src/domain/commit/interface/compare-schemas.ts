/** What changed in the JSON of a request or response; what a caller sends and what it gets break in opposite ways. */
import { canonicalJson } from "../../canonical-json.ts";
import type { Change } from "../change.ts";
import { type ApiDocument, entriesOf, isRecord, listOf } from "./openapi-document.ts";

export interface SchemaSides {
  before: ApiDocument;
  after: ApiDocument;
  was: unknown;
  is: unknown;
  /** For the reader: `POST /bookings: request body (application/json)`. */
  where: string;
  /** Whether the caller sends it. */
  sent: boolean;
  /** References that were compared: a schema that many operations share is told of once. */
  seen: Set<string>;
}

export function compareSchemas(sides: SchemaSides): Change[] {
  const { where, seen, sent } = sides;
  if (isRecord(sides.was) && isRecord(sides.is) && "$ref" in sides.was) {
    const pair = textOf([sides.was.$ref, sides.is.$ref ?? null, sent]);
    if (seen.has(pair)) return [];
    seen.add(pair);
  }
  const was = shapeOf(sides.before, sides.was);
  const is = shapeOf(sides.after, sides.is);
  if (was === undefined || is === undefined) return [];
  if (was.type !== is.type || was.other !== is.other)
    return [{ bump: "breaking", text: `${where}: its type changed` }];
  return [
    ...compareValues(sides, was, is),
    ...compareProperties(sides, was, is),
    ...compareSchemas({ ...sides, was: was.items, is: is.items, where: `${where}[]` }),
  ];
}

interface Shape {
  type: string;
  values: string[] | undefined;
  properties: Map<string, unknown>;
  required: Set<string>;
  items: unknown;
  /** What is compared as a whole: alternatives, formats and the like. */
  other: string;
}

/** Descriptions and examples are for people; a schema without words says nothing. */
function shapeOf(document: ApiDocument, raw: unknown): Shape | undefined {
  const schema = document.resolve(raw);
  if (!isRecord(schema)) return undefined;
  const parts = [schema, ...listOf(schema.allOf).map(document.resolve)].filter(isRecord);
  const first = <Value>(pick: (part: Record<string, unknown>) => Value | undefined) =>
    parts.map(pick).find((value) => value !== undefined);
  const values = first((part) => (Array.isArray(part.enum) ? part.enum.map(textOf) : undefined));
  return {
    type: textOf(first((part) => part.type) ?? ""),
    values,
    properties: new Map(parts.flatMap((part) => entriesOf(part.properties))),
    required: new Set(parts.flatMap((part) => listOf(part.required).map(String))),
    items: first((part) => part.items),
    other: textOf([
      first((part) => part.oneOf) ?? null,
      first((part) => part.anyOf) ?? null,
      first((part) => part.format) ?? null,
      first((part) => part.const) ?? null,
    ]),
  };
}

function compareValues({ where, sent }: SchemaSides, was: Shape, is: Shape): Change[] {
  if (was.values === undefined && is.values === undefined) return [];
  const gone =
    is.values === undefined ? [] : (was.values ?? ["any value"]).filter((one) => !is.values?.includes(one));
  const added =
    was.values === undefined ? [] : (is.values ?? ["any value"]).filter((one) => !was.values?.includes(one));
  return [
    ...gone.map(
      (one): Change => ({
        bump: sent ? "breaking" : "fix",
        text: `${where}: ${one} is not allowed any more`,
      }),
    ),
    ...added.map((one): Change => ({ bump: "feature", text: `${where}: ${one} is allowed now` })),
  ];
}

function compareProperties(sides: SchemaSides, was: Shape, is: Shape): Change[] {
  const { where, sent } = sides;
  const changes: Change[] = [];
  for (const [name, schema] of was.properties) {
    const place = `${where}: ${name}`;
    if (!is.properties.has(name)) {
      changes.push({ bump: "breaking", text: `${place} was removed` });
      continue;
    }
    const before = was.required.has(name);
    const now = is.required.has(name);
    if (before !== now)
      changes.push({
        bump: now === sent ? "breaking" : "feature",
        text: `${place} is ${now ? "required" : "optional"} now`,
      });
    changes.push(...compareSchemas({ ...sides, was: schema, is: is.properties.get(name), where: place }));
  }
  for (const name of is.properties.keys()) {
    if (was.properties.has(name)) continue;
    const breaks = sent && is.required.has(name);
    changes.push({
      bump: breaks ? "breaking" : "feature",
      text: `${where}: ${name} was added${breaks ? " and is required" : ""}`,
    });
  }
  return changes;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

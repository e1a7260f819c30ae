/** JSON Schema (2020-12) of what `JSON.stringify` makes of a value of a TypeScript type. Docstrings are descriptions. */
import path from "node:path";
import ts from "typescript";
import type { Answers } from "../../src/http/openapi/document.ts";
import type { JsonSchema } from "../../src/http/openapi/json-schema.ts";

const componentPrefix = "#/components/schemas/";
/** What a face does not write as the fields that its type has. */
const otherwise: Record<string, JsonSchema> = {
  Date: { type: "string", format: "date-time" },
  Json: {},
  ArchiveDownload: { type: "string", contentMediaType: "application/gzip" },
};

/** Interfaces and aliases of the program become components, everything else stands where it is used. */
export class SchemaReader {
  readonly #checker: ts.TypeChecker;
  readonly #root: string;
  /** By a key that tells two types of one name apart. */
  readonly #components = new Map<string, { name: string; file: string; schema: JsonSchema }>();
  /** Where in which answer the reader is, for messages. */
  #place: string[] = [];

  constructor(checker: ts.TypeChecker, root: string) {
    this.#checker = checker;
    this.#root = root;
  }

  answer(name: string, type: ts.Type): JsonSchema {
    this.#place = [name];
    if (isNothing(type)) return { type: "null" };
    const schema = this.#read(type);
    return includesUndefined(type) ? { anyOf: [schema, { type: "null" }] } : schema;
  }

  /** Gives each component its final name: its own, with its file's where two share it. */
  finish(made: Omit<Answers, "components">): Answers {
    const holders = new Map<string, number>();
    for (const { name } of this.#components.values()) holders.set(name, (holders.get(name) ?? 0) + 1);
    const names = new Map<string, string>();
    for (const [key, { name, file }] of this.#components)
      names.set(key, (holders.get(name) ?? 0) > 1 ? pascal(path.basename(file, ".ts")) + name : name);
    if (new Set(names.values()).size < names.size)
      throw new Error(`Two types of one name in files of one name: ${twice([...names.values()])}.`);
    const renamed = <Value>(value: Value): Value =>
      JSON.parse(JSON.stringify(value), (keyword, inner) =>
        keyword === "$ref" ? componentPrefix + names.get(inner) : inner,
      );
    const components = [...this.#components].map(([key, { schema }]) => [names.get(key), renamed(schema)]);
    return {
      answers: sorted(renamed(made.answers)),
      streams: sorted(renamed(made.streams)),
      components: sorted(Object.fromEntries(components)),
    };
  }

  #read(type: ts.Type): JsonSchema {
    const flags = type.flags;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === "true" };
    if (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral)) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    const special = otherwise[(type.aliasSymbol ?? type.symbol)?.name ?? ""];
    if (special !== undefined) return special;
    if (flags & ts.TypeFlags.NonPrimitive) return { type: "object" };
    if (flags & ts.TypeFlags.Never) return { not: {} };
    const known = this.#componentOf(type);
    if (known !== undefined) return known;
    return this.#structure(type);
  }

  #structure(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.#union(type);
    if (type.isIntersection()) {
      const primitive = type.types.find(
        ({ flags }) => flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike),
      );
      if (primitive !== undefined) return this.#read(primitive);
    }
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TypeReference);
    if (this.#checker.isArrayType(type)) {
      const [element] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: "array", items: element === undefined ? {} : this.#at("[]", element) };
    }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type);
    throw this.#cannot(type);
  }

  #union(type: ts.UnionType): JsonSchema {
    const parts = type.types.filter((part) => !isNothing(part)).sort(byDeclaration);
    if (parts.length === 1 && parts[0] !== undefined) return this.#read(parts[0]);
    const schemas = parts.map((part) => this.#read(part));
    const isBoolean = [true, false].every((value) => schemas.some((schema) => schema.const === value));
    const values = schemas.flatMap((schema) =>
      "const" in schema && !(isBoolean && typeof schema.const === "boolean") ? [schema.const] : [],
    );
    const others = schemas.filter((schema) => !("const" in schema));
    const together = [
      ...(values.length === 1 ? [{ const: values[0] }] : values.length > 1 ? [enumOf(values)] : []),
      ...(isBoolean ? [{ type: "boolean" }] : []),
      ...others,
    ];
    return together.length === 1 && together[0] !== undefined ? together[0] : { anyOf: together };
  }

  #tuple(type: ts.TypeReference): JsonSchema {
    const { elementFlags, minLength } = type.target as ts.TupleType;
    const elements = this.#checker.getTypeArguments(type).map((element) => this.#at("[]", element));
    const rest = elementFlags.findIndex((flag) => flag & ts.ElementFlags.Variable);
    if (rest < 0)
      return { type: "array", prefixItems: elements, minItems: minLength, maxItems: elements.length };
    const before = elements.slice(0, rest);
    return {
      type: "array",
      ...(before.length > 0 && { prefixItems: before }),
      items: elements[rest],
      minItems: minLength,
    };
  }

  #object(type: ts.Type): JsonSchema {
    if (type.getCallSignatures().length > 0) throw this.#cannot(type);
    const declared = type.symbol?.declarations?.[0]?.getSourceFile();
    if (declared?.hasNoDefaultLib && this.#checker.getPropertiesOfType(type).length > 0 && !isMapped(type))
      throw this.#cannot(type);
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const symbol of this.#checker.getPropertiesOfType(type)) {
      const value = this.#checker.getTypeOfSymbol(symbol);
      const name = symbol.name;
      properties[name] = withDescription(this.#at(name, value), docsOf(this.#checker, symbol));
      const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
      if (!optional && !includesUndefined(value)) required.push(name);
    }
    const index = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(index !== undefined && {
        additionalProperties: isNever(index.type) ? false : this.#at("{}", index.type),
      }),
    };
  }

  /** A reference to what an interface or an alias of the program names; undefined for what has no such name. */
  #componentOf(type: ts.Type): JsonSchema | undefined {
    const symbol = type.aliasSymbol ?? (isInterface(type) ? type.symbol : undefined);
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return undefined;
    const file = declaration.getSourceFile().fileName;
    if (!file.startsWith(path.join(this.#root, "src") + path.sep)) return undefined;
    const variables = type.aliasTypeArguments ?? (type as ts.TypeReference).typeArguments ?? [];
    if (variables.some((variable) => !isThis(variable))) return undefined;
    const key = `${path.relative(this.#root, file)}#${symbol.name}`;
    if (!this.#components.has(key)) {
      const component = { name: symbol.name, file, schema: {} };
      this.#components.set(key, component);
      component.schema = withDescription(this.#structure(type), docsOf(this.#checker, symbol));
    }
    return { $ref: key };
  }

  #at(step: string, type: ts.Type): JsonSchema {
    if (this.#place.length > 40) throw this.#cannot(type);
    this.#place.push(step);
    const schema = this.#read(type);
    this.#place.pop();
    return schema;
  }

  #cannot(type: ts.Type): Error {
    const text = this.#checker.typeToString(type).slice(0, 200);
    return new Error(`${this.#place.join(".")}: ${text} is nothing that JSON can carry.`);
  }
}

export function docsOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, " ").trim();
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The compiler's own order is that in which it met the types, and changes with code that has nothing to do with them. */
function byDeclaration(one: ts.Type, other: ts.Type): number {
  const place = ({ symbol, aliasSymbol }: ts.Type): string => {
    const declaration = (aliasSymbol ?? symbol)?.declarations?.[0];
    if (declaration === undefined) return "";
    return `${declaration.getSourceFile().fileName}:${String(declaration.pos).padStart(9, "0")}`;
  };
  return place(one).localeCompare(place(other), "en");
}

function enumOf(values: unknown[]): JsonSchema {
  const types = new Set(values.map((value) => typeof value));
  const [only] = types;
  return { ...(types.size === 1 && { type: only }), enum: [...values].sort() };
}

function withDescription(schema: JsonSchema, description: string): JsonSchema {
  return description === "" ? schema : { ...schema, description };
}

function isNothing({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
}

function isNever({ flags }: ts.Type): boolean {
  return (flags & ts.TypeFlags.Never) !== 0;
}

function includesUndefined(type: ts.Type): boolean {
  return isNothing(type) || (type.isUnion() && type.types.some(isNothing));
}

function isInterface(type: ts.Type): boolean {
  return (type.symbol?.flags & ts.SymbolFlags.Interface) !== 0;
}

function isMapped(type: ts.Type): boolean {
  return ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0;
}

function isThis(type: ts.Type): boolean {
  return type.isTypeParameter();
}

function pascal(text: string): string {
  return text.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

function twice(names: string[]): string {
  return names.filter((name, index) => names.indexOf(name) !== index).join(", ");
}

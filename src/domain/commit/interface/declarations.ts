/** What a file declares at its top level, by name. */
import type { Declaration, Program, Statement } from "oxc-parser";
import {
  classSignature,
  functionSignature,
  type Signature,
  shapeSignature,
  type TextOf,
  valueSignature,
} from "./signature.ts";

/** Declarations of a file by name; overloads are one name whose texts count together. */
export function localNames(program: Program, text: TextOf): Map<string, Signature> {
  const found = new Map<string, Signature>();
  const overloaded = new Set<string>();
  for (const statement of program.body) {
    const declaration = declarationIn(statement);
    if (declaration === undefined) continue;
    for (const [name, signature] of signaturesOf(declaration, text)) {
      const earlier = found.get(name);
      const isOverload = declaration.type === "TSDeclareFunction";
      if (isOverload && earlier !== undefined)
        found.set(name, { kind: "text", text: `${textOf(earlier)};${textOf(signature)}` });
      else if (!overloaded.has(name)) found.set(name, signature);
      if (isOverload) overloaded.add(name);
    }
  }
  return found;
}

function textOf(signature: Signature): string {
  return signature.kind === "text" ? signature.text : JSON.stringify(signature);
}

function declarationIn(statement: Program["body"][number]): Declaration | Statement | undefined {
  if (statement.type === "ExportNamedDeclaration") return statement.declaration ?? undefined;
  return statement.type.startsWith("Import") || statement.type.startsWith("Export")
    ? undefined
    : (statement as Statement);
}

function signaturesOf(declaration: Declaration | Statement, text: TextOf): [string, Signature][] {
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return declaration.id === null ? [] : [[declaration.id.name, functionSignature(declaration, text)]];
    case "ClassDeclaration":
      return declaration.id === null ? [] : [[declaration.id.name, classSignature(declaration, text)]];
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id, init }): [string, Signature][] =>
        id.type !== "Identifier"
          ? []
          : [[id.name, valueSignature(init, text(id.typeAnnotation ?? undefined), text)]],
      );
    case "TSInterfaceDeclaration":
      return [[declaration.id.name, shapeSignature(declaration.body.body, text)]];
    case "TSTypeAliasDeclaration":
      return [
        [
          declaration.id.name,
          declaration.typeAnnotation.type === "TSTypeLiteral"
            ? shapeSignature(declaration.typeAnnotation.members, text)
            : { kind: "text", text: text(declaration.typeAnnotation) ?? "" },
        ],
      ];
    case "TSEnumDeclaration": {
      const members = declaration.body.members.map((one): [string, { required: boolean; text: string }] => [
        text(one.id) ?? "",
        { required: false, text: text(one.initializer) ?? "" },
      ]);
      return [[declaration.id.name, { kind: "members", of: "enum", members: new Map(members) }]];
    }
    default:
      return [];
  }
}

export function declaredNames(declaration: Declaration | null): string[] {
  if (declaration === null) return [];
  if (declaration.type === "VariableDeclaration")
    return declaration.declarations.flatMap(({ id }) => patternNames(id));
  return "id" in declaration && declaration.id !== null && "name" in declaration.id
    ? [String(declaration.id.name)]
    : [];
}

/** `export const { a, b: [c] } = ...` exports a and c. */
function patternNames(pattern: object): string[] {
  if (!("type" in pattern)) return [];
  if (pattern.type === "Identifier") return [nameOf(pattern)];
  if ("left" in pattern) return patternNames(pattern.left as object);
  if ("argument" in pattern) return patternNames(pattern.argument as object);
  if ("properties" in pattern)
    return (pattern.properties as { value?: object; argument?: object }[]).flatMap((one) =>
      patternNames(one.value ?? one),
    );
  if ("elements" in pattern)
    return (pattern.elements as (object | null)[]).flatMap((one) => (one === null ? [] : patternNames(one)));
  return [];
}

export function defaultSignature(
  declaration: Extract<Program["body"][number], { type: "ExportDefaultDeclaration" }>["declaration"],
  text: TextOf,
): Signature {
  switch (declaration.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "TSDeclareFunction":
    case "ArrowFunctionExpression":
      return functionSignature(declaration, text);
    case "ClassDeclaration":
    case "ClassExpression":
      return classSignature(declaration, text);
    case "TSInterfaceDeclaration":
      return shapeSignature(declaration.body.body, text);
    default:
      return { kind: "value" };
  }
}

/** Of an identifier or of a name in quotes. */
export function nameOf(node: object): string {
  if ("name" in node) return String(node.name);
  return "value" in node ? String(node.value) : "";
}

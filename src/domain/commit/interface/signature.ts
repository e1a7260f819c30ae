/** What a user of an exported name can rely on, as far as the text of its declaration says. */
import type { Function as AnyFunction, Class, Expression, ParamPattern, TSSignature } from "oxc-parser";

export type Signature =
  | { kind: "function"; parameters: Parameter[]; returns: string | undefined }
  | { kind: "members"; of: "class" | "interface" | "enum"; members: Map<string, Member> }
  /** Compared as it is written. */
  | { kind: "text"; text: string }
  /** Something whose form is not written down. */
  | { kind: "value" };

export interface Parameter {
  required: boolean;
  type: string | undefined;
}

export interface Member {
  required: boolean;
  text: string;
}

/** Text of a span of the source, without what formatting changes. */
export type TextOf = (node: { start: number; end: number } | null | undefined) => string | undefined;

export function spanText(source: string): TextOf {
  return (node) =>
    node === null || node === undefined
      ? undefined
      : source
          .slice(node.start, node.end)
          .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ")
          .replace(/\s+/g, " ")
          .replace(/ ?([{}()[\]<>,;:|&=?]) ?/g, "$1")
          .replace(/[,;]([}\])])/g, "$1")
          .trim();
}

type FunctionLike = Pick<AnyFunction, "returnType"> & { params: readonly ParamPattern[] };

export function functionSignature(node: FunctionLike, text: TextOf): Signature {
  const parameters = node.params
    .filter((one) => !(one.type === "Identifier" && one.name === "this"))
    .map((one): Parameter => parameterOf(one, text));
  return { kind: "function", parameters, returns: text(node.returnType) };
}

function parameterOf(node: ParamPattern, text: TextOf): Parameter {
  if (node.type === "AssignmentPattern") return { required: false, type: annotation(node.left, text) };
  if (node.type === "RestElement") return { required: false, type: annotation(node, text) };
  if (node.type === "TSParameterProperty") return parameterOf(node.parameter, text);
  const optional = node.type === "Identifier" && (node as { optional?: boolean }).optional === true;
  return { required: !optional, type: annotation(node, text) };
}

function annotation(node: object, text: TextOf): string | undefined {
  return "typeAnnotation" in node
    ? text(node.typeAnnotation as { start: number; end: number } | null)
    : undefined;
}

export function valueSignature(init: Expression | null, type: string | undefined, text: TextOf): Signature {
  if (type !== undefined) return { kind: "text", text: type };
  if (init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression")
    return functionSignature(init, text);
  if (init?.type === "ClassExpression") return classSignature(init, text);
  return { kind: "value" };
}

/** Private members are nobody's interface. */
export function classSignature(node: Class, text: TextOf): Signature {
  const members = new Map<string, Member>();
  for (const one of node.body.body) {
    if (!("key" in one) || one.key.type === "PrivateIdentifier") continue;
    if ("accessibility" in one && one.accessibility === "private") continue;
    const name = `${one.static ? "static " : ""}${text(one.key) ?? ""}`;
    const shape =
      one.type === "MethodDefinition" || one.type === "TSAbstractMethodDefinition"
        ? `${one.kind} ${shapeText(functionSignature(one.value, text))}`
        : (annotation(one, text) ?? "");
    members.set(name, { required: false, text: shape });
  }
  return { kind: "members", of: "class", members };
}

export function shapeSignature(body: readonly TSSignature[], text: TextOf): Signature {
  const members = new Map<string, Member>();
  for (const one of body) {
    const named = "key" in one;
    const name = named ? (text(one.key) ?? "") : (text(one) ?? "");
    const optional = named && one.optional === true;
    const type =
      one.type === "TSMethodSignature"
        ? shapeText(functionSignature(one, text))
        : one.type === "TSPropertySignature"
          ? (text(one.typeAnnotation) ?? "")
          : "";
    members.set(name, { required: !optional, text: type });
  }
  return { kind: "members", of: "interface", members };
}

function shapeText(signature: Signature): string {
  if (signature.kind !== "function") return "";
  const parameters = signature.parameters.map(({ required, type }) => `${required ? "" : "?"}${type ?? ""}`);
  return `(${parameters.join(",")})${signature.returns ?? ""}`;
}

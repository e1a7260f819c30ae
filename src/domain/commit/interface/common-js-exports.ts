/** What a CommonJS file puts on `module.exports` and `exports` in plain assignments. */
import type { Expression, Program } from "oxc-parser";
import { type Signature, type TextOf, valueSignature } from "./signature.ts";

export function commonJsExports(
  program: Program,
  text: TextOf,
  find: (name: string) => Signature,
): [string, Signature][] {
  const of = (value: Expression): Signature =>
    value.type === "Identifier" ? find(value.name) : valueSignature(value, undefined, text);
  return program.body.flatMap((statement): [string, Signature][] => {
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression")
      return [];
    const { left, right } = statement.expression;
    const target = text(left) ?? "";
    const [, name] = /^(?:module\.)?exports\.([A-Za-z_$][\w$]*)$/.exec(target) ?? [];
    if (name !== undefined) return [[name, of(right)]];
    if (target !== "module.exports") return [];
    if (right.type !== "ObjectExpression") return [["default", of(right)]];
    return right.properties.flatMap((property): [string, Signature][] =>
      property.type === "Property" ? [[text(property.key) ?? "", of(property.value)]] : [],
    );
  });
}

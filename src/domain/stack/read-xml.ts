/** XML of build files as plain objects; what is broken is refused with its line. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { brokenFile } from "./broken-file.ts";

/** An element: text, or elements by name, several of one name as a list; attributes begin with `@`. */
export type XmlNode = string | { [name: string]: XmlNode | XmlNode[] };

const options = {
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  // Entities of a build file are nobody's need, and exploding ones are a known attack.
  processEntities: false,
};

/** Refuses with ModuleInvalid what is no XML, or has another element at its top. */
export function readXml(
  text: string,
  { path, root, next }: { path: string; root: string; next: string },
): XmlNode {
  const plain = text.replace(/^\uFEFF/, "");
  const valid = XMLValidator.validate(plain);
  if (valid !== true) throw brokenFile({ path, line: valid.err.line }, valid.err.msg, next);
  const document = parsed(plain, path, next);
  const found = child(document, root);
  if (found !== undefined) return found;
  throw brokenFile({ path }, `expected <${root}> at its top`, next);
}

/** The first element of that name, or undefined. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return children(node, name)[0];
}

export function children(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === "string" || !Object.hasOwn(node, name)) return [];
  const found = node[name];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** The text at the end of a path of names, trimmed; empty text counts as none. */
export function textAt(node: XmlNode | undefined, ...path: string[]): string | undefined {
  let at = node;
  for (const name of path) at = child(at, name);
  const text = typeof at === "string" ? at : child(at, "#text");
  const trimmed = typeof text === "string" ? text.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

function parsed(text: string, path: string, next: string): XmlNode {
  try {
    return new XMLParser(options).parse(text) as XmlNode;
  } catch (error) {
    throw brokenFile({ path }, error instanceof Error ? error.message : String(error), next);
  }
}

/**
 * Reads XML that a stranger wrote: no entities of its own, no depth and no size without end. Elements come out
 * as objects whose attributes begin with `@`; an element that repeats is a list.
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { UnreadableReport } from "./unreadable-report.ts";

export interface XmlElement {
  [name: string]: XmlElement | XmlElement[] | string | undefined;
}

/** Deeper than any test runner nests its suites. */
const deepest = 60;

/** The root element of this name; throws an UnreadableReport that says what is wrong. */
export function readXml(text: string, root: string): XmlElement {
  if (/<!DOCTYPE[^>]*\[|<!ENTITY/i.test(text))
    throw new UnreadableReport("it declares entities of its own, which are never expanded");
  const flaw = XMLValidator.validate(text);
  if (flaw !== true) throw new UnreadableReport(`it is no XML: ${flaw.err.msg} (line ${flaw.err.line})`);
  const document = parse(text);
  const found = document[root];
  if (found === undefined || Array.isArray(found))
    throw new UnreadableReport(`it has no element ${root} at its root`);
  return asElement(found);
}

/** The children of one name, in their order. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  const found = element[name];
  if (found === undefined) return [];
  const list = Array.isArray(found) ? found : [found];
  return list.map(asElement);
}

/** An element without attributes and children comes out as its text. */
function asElement(found: XmlElement | string): XmlElement {
  return typeof found === "string" ? { "#text": found } : found;
}

export function attribute(element: XmlElement, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === "string" ? value : undefined;
}

/** A whole number that is not negative; undefined where there is none. */
export function count(element: XmlElement, name: string): number | undefined {
  const text = attribute(element, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export function textOf(element: XmlElement): string {
  const text = element["#text"];
  return typeof text === "string" ? text : "";
}

function parse(text: string): XmlElement {
  try {
    return parser().parse(text) as XmlElement;
  } catch (error) {
    throw new UnreadableReport(`it is no XML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parser(): XMLParser {
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: true,
    // Test runners write line ends and colours as numbers: `&#10;`.
    htmlEntities: true,
    maxNestedTags: deepest,
  });
}

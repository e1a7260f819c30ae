/**
 * A value that is read already, as GitHub's workflow parser asks for what it reads. It has no places, so that it serves
 * for the verdict only; one that is not clean is told by the parser's own reading of the file.
 */
import type { ObjectReader } from "@actions/workflow-parser/templates/object-reader";
import type { LiteralToken } from "@actions/workflow-parser/templates/tokens/index";

export type Tokens = typeof import("@actions/workflow-parser/templates/tokens/index");

export function plainReader(tokens: Tokens, file: number, value: unknown): ObjectReader {
  const events = eventsOf(tokens, file, value);
  let at = 0;
  const take = <T>(kind: Event["kind"]) => {
    const event = events[at];
    if (event?.kind !== kind) return undefined;
    at += 1;
    return event.token as T;
  };
  const pass = (kind: Event["kind"]) => {
    if (events[at]?.kind !== kind) return false;
    at += 1;
    return true;
  };
  return {
    allowLiteral: () => take("literal"),
    allowSequenceStart: () => take("sequence"),
    allowSequenceEnd: () => pass("sequence-end"),
    allowMappingStart: () => take("mapping"),
    allowMappingEnd: () => pass("mapping-end"),
    validateStart: () => {},
    validateEnd: () => {
      if (at < events.length) throw new Error("the workflow goes on behind its end");
    },
  };
}

interface Event {
  kind: "literal" | "sequence" | "sequence-end" | "mapping" | "mapping-end";
  token?: unknown;
}

/** The parser asks for one wherever an expression stands. */
const somewhere = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

function eventsOf(tokens: Tokens, file: number, value: unknown): Event[] {
  const events: Event[] = [];
  visit(value);
  return events;

  function visit(part: unknown): void {
    if (Array.isArray(part)) {
      events.push({ kind: "sequence", token: new tokens.SequenceToken(file, somewhere, undefined) });
      for (const item of part) visit(item);
      events.push({ kind: "sequence-end" });
    } else if (typeof part === "object" && part !== null) {
      events.push({ kind: "mapping", token: new tokens.MappingToken(file, somewhere, undefined) });
      for (const [key, inner] of Object.entries(part)) {
        events.push({ kind: "literal", token: literal(key) });
        visit(inner);
      }
      events.push({ kind: "mapping-end" });
    } else events.push({ kind: "literal", token: literal(part) });
  }

  function literal(part: unknown): LiteralToken {
    if (typeof part === "number") return new tokens.NumberToken(file, somewhere, part, undefined);
    if (typeof part === "boolean") return new tokens.BooleanToken(file, somewhere, part, undefined);
    if (typeof part === "string") return new tokens.StringToken(file, somewhere, part, undefined);
    return new tokens.NullToken(file, somewhere, undefined);
  }
}

/** What changed for the callers of an HTTP interface. */
import type { Change } from "../change.ts";
import { compareSchemas, type SchemaSides } from "./compare-schemas.ts";
import { type ApiDocument, type ApiOperation, addressOf } from "./openapi-document.ts";

export function compareOpenApi(before: ApiDocument, after: ApiDocument): Change[] {
  const old = byAddress(before);
  const now = byAddress(after);
  const seen = new Set<string>();
  const changes: Change[] = [];
  for (const [address, { name }] of old)
    if (!now.has(address)) changes.push({ bump: "breaking", text: `${name} was removed` });
  for (const [address, { name, operation }] of now) {
    const was = old.get(address);
    if (was === undefined) changes.push({ bump: "feature", text: `${name} was added` });
    else changes.push(...compareOperations(name, { before, after, seen, was: was.operation, is: operation }));
  }
  return changes;
}

function byAddress(document: ApiDocument): Map<string, { name: string; operation: ApiOperation }> {
  return new Map([...document.operations].map(([name, operation]) => [addressOf(name), { name, operation }]));
}

interface Sides extends Pick<SchemaSides, "before" | "after" | "seen"> {
  was: ApiOperation;
  is: ApiOperation;
}

function compareOperations(name: string, sides: Sides): Change[] {
  const { was, is } = sides;
  const secured: Change[] =
    is.secured && !was.secured ? [{ bump: "breaking", text: `${name} asks for credentials now` }] : [];
  return [
    ...secured,
    ...compareParameters(name, sides),
    ...compareBodies(name, sides),
    ...compareResponses(name, sides),
  ];
}

function compareParameters(name: string, { was, is, ...documents }: Sides): Change[] {
  const changes: Change[] = [];
  for (const parameter of was.parameters.keys())
    if (!is.parameters.has(parameter))
      changes.push({ bump: "breaking", text: `${name}: ${parameter} was removed` });
  for (const [parameter, { required, schema }] of is.parameters) {
    const old = was.parameters.get(parameter);
    const where = `${name}: ${parameter}`;
    if (old === undefined)
      changes.push({
        bump: required ? "breaking" : "feature",
        text: `${where} was added${required ? " and is required" : ""}`,
      });
    else {
      if (required !== old.required)
        changes.push({
          bump: required ? "breaking" : "feature",
          text: `${where} is ${required ? "required" : "optional"} now`,
        });
      changes.push(...compareSchemas({ ...documents, was: old.schema, is: schema, where, sent: true }));
    }
  }
  return changes;
}

function compareBodies(name: string, { was, is, ...documents }: Sides): Change[] {
  const where = `${name}: request body`;
  if (is.requestBody === undefined)
    return was.requestBody === undefined ? [] : [{ bump: "breaking", text: `${where} was removed` }];
  const { required, media } = is.requestBody;
  if (was.requestBody === undefined)
    return [{ bump: required ? "breaking" : "feature", text: `${where} was added` }];
  const stricter: Change[] =
    required && !was.requestBody.required ? [{ bump: "breaking", text: `${where} is required now` }] : [];
  return [...stricter, ...compareMedia({ ...documents, where, sent: true }, was.requestBody.media, media)];
}

function compareResponses(name: string, { was, is, ...documents }: Sides): Change[] {
  const changes: Change[] = [];
  for (const [status, media] of was.responses) {
    const where = `${name}: response ${status}`;
    const now = is.responses.get(status);
    if (now === undefined) changes.push({ bump: "breaking", text: `${where} was removed` });
    else changes.push(...compareMedia({ ...documents, where, sent: false }, media, now));
  }
  for (const status of is.responses.keys())
    if (!was.responses.has(status))
      changes.push({ bump: "feature", text: `${name}: response ${status} was added` });
  return changes;
}

function compareMedia(
  sides: Omit<SchemaSides, "was" | "is">,
  was: Map<string, unknown>,
  is: Map<string, unknown>,
): Change[] {
  const changes: Change[] = [];
  for (const [type, schema] of was) {
    const where = `${sides.where} (${type})`;
    if (!is.has(type)) changes.push({ bump: "breaking", text: `${where} was removed` });
    else changes.push(...compareSchemas({ ...sides, where, was: schema, is: is.get(type) }));
  }
  for (const type of is.keys())
    if (!was.has(type)) changes.push({ bump: "feature", text: `${sides.where} (${type}) was added` });
  return changes;
}

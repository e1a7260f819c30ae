/** Any value that survives a round trip through JSON. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** A copy of a value as JSON has it: what is undefined is left out, and what has a JSON form of its own takes it. */
export function plainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

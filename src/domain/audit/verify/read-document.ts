import type { z } from "zod";
import { canonicalJson } from "../../canonical-json.ts";
import { Misfit } from "./misfit.ts";

/** JSON of this shape in its canonical form, and nothing beside it. */
export function readDocument<Schema extends z.ZodType>(
  name: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  const value = parseJson(name, text);
  const parsed = schema.safeParse(value);
  const issue = parsed.error?.issues[0];
  if (!parsed.success)
    throw new Misfit(name, `has another shape: ${issue?.path.join(".")}: ${issue?.message}`);
  if (canonicalJson(value) !== text) throw new Misfit(name, "is not in the canonical form");
  return parsed.data;
}

export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misfit(name, "is no JSON");
  }
}

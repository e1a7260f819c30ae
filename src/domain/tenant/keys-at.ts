/** The keys that a schema takes at a path of the data, for messages. */
import { z } from "zod";

export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const found = bare(schema);
  const [step, ...rest] = path;
  if (step === undefined) return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
  if (found instanceof z.ZodObject) {
    const next: z.core.$ZodType | undefined = found.shape[String(step)];
    return next === undefined ? [] : keysAt(next, rest);
  }
  if (found instanceof z.ZodRecord) return keysAt(found.valueType, rest);
  if (found instanceof z.ZodArray) return keysAt(found.element, rest);
  if (found instanceof z.ZodUnion)
    return [...new Set(found.options.flatMap((option) => keysAt(option, path)))];
  return [];
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  )
    return bare(schema.unwrap());
  return schema;
}

/** Fields of inputs that answer by pages: cursors that only the server reads, and lists in one parameter. */
import { z } from "zod";

/** What `writeCursor` wrote; anything else is refused by name. */
export function cursorField<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .max(1_000)
    .transform((text, context): z.output<Schema> => {
      const parsed = schema.safeParse(readJson(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: "custom", message: "is not a cursor of an earlier page" });
      return z.NEVER;
    });
}

export function writeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** `a,b` */
export function listField<Schema extends z.ZodType<unknown, string>>(schema: Schema) {
  return z
    .string()
    .max(1_000)
    .transform((text) => text.split(",").filter((part) => part !== ""))
    .pipe(z.array(schema).min(1));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
}

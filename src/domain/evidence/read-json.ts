/** Reads JSON that a stranger wrote against a schema. */
import type { z } from "zod";
import { UnreadableReport } from "./unreadable-report.ts";

export function readJson<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new UnreadableReport(`${where}${issue?.message ?? "it does not fit"}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UnreadableReport(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

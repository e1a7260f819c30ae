/** TOML as a plain object; what is broken is refused with its line. */
import { parse, TomlError } from "smol-toml";
import type { z } from "zod";
import { brokenFile } from "./broken-file.ts";

export interface TomlForm<T> {
  path: string;
  schema: z.ZodType<T>;
  next: string;
}

/** Refuses with ModuleInvalid what is no TOML, or has another type where a delivery looks. */
export function readToml<T>(text: string, { path, schema, next }: TomlForm<T>): T {
  const parsed = schema.safeParse(parseText(text, path, next));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw brokenFile({ path }, `${key}${issue?.message ?? "it is not as expected"}`, next);
}

function parseText(text: string, path: string, next: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = "it is no TOML"] = error.message.split("\n");
    throw brokenFile({ path, line: error.line }, what.replace(/^Invalid TOML document: /, ""), next);
  }
}

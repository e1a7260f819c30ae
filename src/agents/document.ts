/** YAML or JSON that an agent wrote, as a value with its digest: a plan is read by many who judge the same release. */
import { parse } from "yaml";
import { digestOf } from "../domain/canonical-json.ts";
import { remember } from "../domain/remember.ts";

export interface Document {
  readonly value: unknown;
  /** Over the canonical JSON of the value. */
  readonly digest: string;
}

export const documentOf: (text: string) => Document = remember(
  (text: string) => {
    const value: unknown = parse(text);
    return { value, digest: digestOf(value) };
  },
  { keyOf: (text) => text, kept: 100 },
);

/** A module from the texts of its files alone, as recognition would see it in a folder. */
import { inferModule, type ModuleOverrides } from "../../src/domain/module/infer-module.ts";
import type { ModuleSpec } from "../../src/domain/module/module-spec.ts";
import { type Refusal, RefusalError } from "../../src/domain/refusal.ts";
import { isDescribing } from "../../src/domain/stack/stacks.ts";

/** By path; only what recognition asks to read is shown to it. */
export type Files = Record<string, string>;

export function inferFrom(texts: Files, overrides: ModuleOverrides = {}): ModuleSpec {
  const files = Object.fromEntries(Object.entries(texts).filter(([path]) => isDescribing(path)));
  return inferModule({ files, paths: Object.keys(texts), folderName: "booking-service", overrides });
}

/** What recognition refuses it with. */
export function refusalFrom(texts: Files): Refusal {
  try {
    inferFrom(texts);
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
  throw new Error("expected a refusal");
}

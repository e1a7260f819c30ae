/** Facts in the form of StackFacts: what is not known is left out, and a name that is no slug names nothing. */
import { slug } from "../scope.ts";
import { asSemver } from "./language-version.ts";

type Place = { value: string; from: string };

/** The object without the keys that say nothing. */
export function known<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as unknown as T;
}

/** Languages whose names follow other rules: where theirs is no module name, the folder's name is taken. */
export function nameFact(value: string | undefined, from: string): Place | undefined {
  return value !== undefined && slug.safeParse(value).success ? { value, from } : undefined;
}

export function versionFact(version: string | undefined, from: string): Place | undefined {
  const value = version === undefined ? undefined : asSemver(version);
  return value === undefined ? undefined : { value, from };
}

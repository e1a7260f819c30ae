/** Folders that the provisioner made for a service: what it may write beside its home. */
import { lstatSync } from "node:fs";
import type { Launch } from "./runtime.ts";

const sharedVariable = /^STORAGE_[A-Z0-9_]+_DIR$/;
const name = /^[a-z0-9-]+$/;

/**
 * Its own, and those that modules of its namespace share. A variable can be configured: another module's storage, or a
 * folder from elsewhere, is not given away by one.
 */
export function storageOf({ environment, namespace, moduleId }: Launch): string[] {
  const own = environment.STORAGE_DIR;
  const end = `/${namespace}/${moduleId}`;
  if (own === undefined || !own.endsWith(end)) return [];
  const shared = `${own.slice(0, -moduleId.length)}.shared/`;
  const others = Object.entries(environment).flatMap(([variable, path]) =>
    sharedVariable.test(variable) && path.startsWith(shared) && name.test(path.slice(shared.length))
      ? [path]
      : [],
  );
  return [own, ...new Set(others)].filter(isFolder);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

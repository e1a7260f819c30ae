/** The names under which an environment's modules are reached, in the order in which they are tried. */
import { digestOf } from "../canonical-json.ts";

const longestLabel = 63;
const longestName = 253;
const hashLength = 8;

export interface HostNames {
  /** Each list is one name, with what stands in where the one before is another's. */
  own: string[][];
  shared: string[];
}

/** `<module>.<namespace>.localhost`, and `<module>.<domain>` where the environment has a domain. */
export function hostNames(of: { namespace: string; moduleId: string; domain?: string }): HostNames {
  const { namespace, moduleId, domain } = of;
  const local = `${namespace}.localhost`;
  const hash = digestOf([namespace, moduleId]).slice("sha256:".length, "sha256:".length + hashLength);
  const hashed = `${moduleId.slice(0, longestLabel - hashLength - 1).replace(/-+$/, "")}-${hash}`;
  if (domain === undefined) return { own: [[`${moduleId}.${local}`]], shared: [local] };
  return {
    own: [[`${moduleId}.${local}`], [`${moduleId}.${domain}`, `${hashed}.${domain}`]],
    shared: [domain, `${namespace}.${domain}`, local],
  };
}

export function isHostName(name: string): boolean {
  return name.length <= longestName && name.split(".").every((label) => label.length <= longestLabel);
}

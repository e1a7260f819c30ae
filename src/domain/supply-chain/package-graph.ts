/** Packages of a lock file that says who needs whom, and of which the module's own needs are known. */
import type { PackageScope, ResolvedPackage } from "./inventory.ts";

export type LockedPackage = Omit<ResolvedPackage, "scope" | "direct">;

/** Keys of the packages that the module names, by what it needs them for. */
export type Roots = Record<PackageScope, readonly string[]>;

export interface LockedNode {
  package: LockedPackage;
  /** Keys of other nodes. */
  needs: readonly string[];
  /** Keys of nodes that may be missing. */
  mayNeed?: readonly string[];
}

/** Scope by reach: what something required needs is required; what nobody needs at run time is excluded. */
export function scopedByReach(nodes: ReadonlyMap<string, LockedNode>, roots: Roots): ResolvedPackage[] {
  const scopes = new Map<string, PackageScope>();
  walk(nodes, roots.required, (key) => mark(scopes, key, "required"));
  const optional = [...scopes.keys()].flatMap((key) => nodes.get(key)?.mayNeed ?? []);
  walk(nodes, [...roots.optional, ...optional], (key) => mark(scopes, key, "optional"), true);
  const direct = new Set([...roots.required, ...roots.optional, ...roots.excluded]);
  return [...nodes].map(([key, node]) => ({
    ...node.package,
    scope: scopes.get(key) ?? "excluded",
    direct: direct.has(key),
    dependsOn: [...node.needs, ...(node.mayNeed ?? [])].flatMap(
      (need) => nodes.get(need)?.package.purl ?? [],
    ),
  }));
}

/** Keys that no other node needs: the module's own needs, where nothing else tells them. */
export function neededByNobody(nodes: ReadonlyMap<string, LockedNode>): string[] {
  const needed = new Set([...nodes.values()].flatMap(({ needs, mayNeed = [] }) => [...needs, ...mayNeed]));
  return [...nodes.keys()].filter((key) => !needed.has(key));
}

function mark(scopes: Map<string, PackageScope>, key: string, scope: PackageScope): boolean {
  if (scopes.has(key)) return false;
  scopes.set(key, scope);
  return true;
}

function walk(
  nodes: ReadonlyMap<string, LockedNode>,
  from: readonly string[],
  visit: (key: string) => boolean,
  optional = false,
): void {
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const node = nodes.get(key);
    if (node === undefined || !visit(key)) continue;
    open.push(...node.needs, ...(optional ? (node.mayNeed ?? []) : []));
  }
}

import { useQueryClient } from "@tanstack/react-query";
import type { paths } from "../../../../client/src/schema.d.ts";

/** Has what was changed read again: everything that is shown of these addresses, whatever it asked for. */
export function useRefresh(...addresses: (keyof paths)[]): () => void {
  const queries = useQueryClient();
  return () => {
    for (const address of addresses) void queries.invalidateQueries({ queryKey: ["get", address] });
  };
}

/** What depends on the declaration of the tenant, which is nearly everything here. */
export const declared = [
  "/tenant",
  "/tenant/parts",
  "/rights",
  "/policy/effective/{environment}",
  "/policy/proposals",
  "/policy/history",
  "/freezes",
  "/freezes/windows",
  "/environments",
  "/notifications",
] as const satisfies (keyof paths)[];

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readAuditSearch } from "./search/audit-search.ts";

export function auditRoutes<Root extends AnyRoute>(root: Root) {
  const search = createRoute({
    getParentRoute: () => root,
    path: "/audit",
    validateSearch: readAuditSearch,
    component: lazyRouteComponent(() => import("./search/audit.tsx"), "Audit"),
  });
  const log = createRoute({
    getParentRoute: () => root,
    path: "/audit/log",
    component: lazyRouteComponent(() => import("./log/log.tsx"), "Log"),
  });
  const verify = createRoute({
    getParentRoute: () => root,
    path: "/audit/$traceId/$moduleId",
    component: lazyRouteComponent(() => import("./verify/verify.tsx"), "Verify"),
  });
  return [search, log, verify] as const;
}

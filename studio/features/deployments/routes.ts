import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readMatrixSearch } from "./matrix/matrix-search.ts";

export function deploymentRoutes<Root extends AnyRoute>(root: Root) {
  const matrix = createRoute({
    getParentRoute: () => root,
    path: "/deployments",
    validateSearch: readMatrixSearch,
    component: lazyRouteComponent(() => import("./matrix/matrix.tsx"), "Matrix"),
  });
  const place = createRoute({
    getParentRoute: () => root,
    path: "/deployments/$environment/$moduleId",
    component: lazyRouteComponent(() => import("./place/place.tsx"), "Place"),
  });
  return [matrix, place] as const;
}

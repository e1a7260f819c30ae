import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readInsightSearch } from "./insight-search.ts";

export function insightRoutes<Root extends AnyRoute>(root: Root) {
  const insight = createRoute({
    getParentRoute: () => root,
    path: "/insight",
    validateSearch: readInsightSearch,
    component: lazyRouteComponent(() => import("./insight.tsx"), "Insight"),
  });
  return [insight] as const;
}

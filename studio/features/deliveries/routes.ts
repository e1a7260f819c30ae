import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readBoardSearch } from "./board/board-search.ts";

export function deliveryRoutes<Root extends AnyRoute>(root: Root) {
  const board = createRoute({
    getParentRoute: () => root,
    path: "/deliveries",
    validateSearch: readBoardSearch,
    component: lazyRouteComponent(() => import("./board/board.tsx"), "Board"),
  });
  const delivery = createRoute({
    getParentRoute: () => root,
    path: "/deliveries/$traceId/$moduleId",
    component: lazyRouteComponent(() => import("./delivery/delivery.tsx"), "Delivery"),
  });
  return [board, delivery] as const;
}

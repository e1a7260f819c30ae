import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

export function approvalRoutes<Root extends AnyRoute>(root: Root) {
  const inbox = createRoute({
    getParentRoute: () => root,
    path: "/approvals",
    component: lazyRouteComponent(() => import("./inbox.tsx"), "Inbox"),
  });
  return [inbox] as const;
}

import { type AnyRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readApprovalSearch } from "./approval/approval-search.ts";

export function approvalRoutes<Root extends AnyRoute>(root: Root) {
  const inbox = createRoute({
    getParentRoute: () => root,
    path: "/approvals",
    component: lazyRouteComponent(() => import("./inbox/inbox.tsx"), "Inbox"),
  });
  const approval = createRoute({
    getParentRoute: () => root,
    path: "/approvals/$releaseId",
    validateSearch: readApprovalSearch,
    component: lazyRouteComponent(() => import("./approval/approval.tsx"), "Approval"),
  });
  return [inbox, approval] as const;
}

/** The tree of screens. Each feature brings its own routes and loads its code when somebody goes there. */
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { administrationRoutes } from "../features/administration/routes.ts";
import { approvalRoutes } from "../features/approvals/routes.ts";
import { auditRoutes } from "../features/audit/routes.ts";
import { deliveryRoutes } from "../features/deliveries/routes.ts";
import { deploymentRoutes } from "../features/deployments/routes.ts";
import { insightRoutes } from "../features/insight/routes.ts";
import { Failed } from "./layout/failed.tsx";
import { mayDecide } from "./layout/may-decide.ts";
import { NotFound } from "./layout/not-found.tsx";
import { Shell } from "./layout/shell.tsx";

export const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    throw redirect({ to: (await mayDecide()) ? "/approvals" : "/deliveries" });
  },
});

/** The address of a one-time link; whoever is signed in goes on. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  beforeLoad: () => {
    throw redirect({ to: "/" });
  },
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    ...approvalRoutes(root),
    ...deliveryRoutes(root),
    ...auditRoutes(root),
    ...administrationRoutes(root),
    ...deploymentRoutes(root),
    ...insightRoutes(root),
  ]),
  defaultErrorComponent: Failed,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

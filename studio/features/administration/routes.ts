import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import {
  readCalendarSearch,
  readPolicySearch,
  readSettingsSearch,
  readSubscriptionsSearch,
  readTokensSearch,
} from "./searches.ts";

export function administrationRoutes<Root extends AnyRoute>(root: Root) {
  const administration = createRoute({
    getParentRoute: () => root,
    path: "/administration",
    component: lazyRouteComponent(() => import("./administration.tsx"), "Administration"),
  });
  const section = { getParentRoute: () => administration } as const;
  const index = createRoute({
    ...section,
    path: "/",
    beforeLoad: () => {
      throw redirect({ to: "/administration/tenant", replace: true });
    },
  });
  const tenant = createRoute({
    ...section,
    path: "tenant",
    component: lazyRouteComponent(() => import("./tenant/tenant.tsx"), "Tenant"),
  });
  const people = createRoute({
    ...section,
    path: "people",
    component: lazyRouteComponent(() => import("./people/people.tsx"), "People"),
  });
  const tokens = createRoute({
    ...section,
    path: "tokens",
    validateSearch: readTokensSearch,
    component: lazyRouteComponent(() => import("./tokens/tokens.tsx"), "Tokens"),
  });
  const policies = createRoute({
    ...section,
    path: "policies",
    validateSearch: readPolicySearch,
    component: lazyRouteComponent(() => import("./policies/policies.tsx"), "Policies"),
  });
  const freezes = createRoute({
    ...section,
    path: "freezes",
    validateSearch: readCalendarSearch,
    component: lazyRouteComponent(() => import("./freezes/freezes.tsx"), "Freezes"),
  });
  const compliance = createRoute({
    ...section,
    path: "compliance",
    component: lazyRouteComponent(() => import("./compliance/compliance.tsx"), "Compliance"),
  });
  const settings = createRoute({
    ...section,
    path: "settings",
    validateSearch: readSettingsSearch,
    component: lazyRouteComponent(() => import("./settings/settings.tsx"), "Settings"),
  });
  const producers = createRoute({
    ...section,
    path: "producers",
    component: lazyRouteComponent(() => import("./producers/producers.tsx"), "Producers"),
  });
  const notifications = createRoute({
    ...section,
    path: "notifications",
    component: lazyRouteComponent(() => import("./notifications/notifications.tsx"), "Notifications"),
  });
  const subscriptions = createRoute({
    ...section,
    path: "subscriptions",
    validateSearch: readSubscriptionsSearch,
    component: lazyRouteComponent(() => import("./subscriptions/subscriptions.tsx"), "Subscriptions"),
  });
  const flows = createRoute({
    ...section,
    path: "flows",
    component: lazyRouteComponent(() => import("./flows/flows.tsx"), "Flows"),
  });
  return [
    administration.addChildren([
      index,
      tenant,
      people,
      tokens,
      policies,
      freezes,
      compliance,
      settings,
      producers,
      notifications,
      subscriptions,
      flows,
    ]),
  ] as const;
}

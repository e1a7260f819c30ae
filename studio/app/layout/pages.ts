/** The pages that the navigation leads to, in its order. */
export const pages = [
  { to: "/approvals", icon: "inbox", name: "approvals" },
  { to: "/deliveries", icon: "package", name: "deliveries" },
  { to: "/deployments", icon: "layout-grid", name: "deployments" },
  { to: "/insight", icon: "activity", name: "insight" },
  { to: "/audit", icon: "scroll-text", name: "audit" },
  { to: "/administration", icon: "cog", name: "administration" },
] as const;

/** What there is to administer, in the order of the side list. */
export const sections = [
  { path: "tenant", icon: "layout-grid" },
  { path: "people", icon: "users" },
  { path: "tokens", icon: "key-round" },
  { path: "policies", icon: "scale" },
  { path: "freezes", icon: "snowflake" },
  { path: "compliance", icon: "shield-check" },
  { path: "settings", icon: "cog" },
  { path: "producers", icon: "scroll-text" },
  { path: "notifications", icon: "bell" },
  { path: "subscriptions", icon: "link" },
  { path: "flows", icon: "git-branch" },
] as const;

/** The pages that the navigation leads to, in its order. */
export const pages = [{ to: "/approvals", icon: "inbox", name: "approvals" }] as const;

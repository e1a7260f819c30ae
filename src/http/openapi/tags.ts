/** What an operation belongs to, by the first part of its path. */
const tagsOf: Record<string, string> = {
  deliveries: "Deliveries",
  events: "Deliveries",
  failures: "Deliveries",
  redeployments: "Deliveries",
  reverts: "Deliveries",
  traces: "Deliveries",
  confirmations: "Decisions",
  delegations: "Decisions",
  releases: "Decisions",
  previews: "Before a hand-over",
  runs: "Before a hand-over",
  "pull-requests": "Repositories",
  repositories: "Repositories",
  compliance: "Policy",
  drift: "Environments",
  logs: "Environments",
  "notification-targets": "Notifications",
  sessions: "Accounts",
  "sign-in-links": "Accounts",
  tokens: "Accounts",
  tenant: "Administration",
  settings: "Administration",
  flows: "Administration",
  agents: "Administration",
  schemas: "Administration",
};

export function tagOf(operationPath: string): string {
  const [, first = ""] = operationPath.split("/");
  return tagsOf[first] ?? first.slice(0, 1).toUpperCase() + first.slice(1).replaceAll("-", " ");
}

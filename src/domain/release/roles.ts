/** Which role may do what (2-contracts §5), as one table. Approval has rules of its own beside it: quorum and duties. */
import { type Role, roleSchema } from "../tenant/tenant.ts";

export const actions = {
  view: "see deliveries, memory and flows",
  "hand-over": "hand over modules",
  commit: "request commits",
  "pull-request": "act on pull requests",
  push: "push to repositories",
  review: "review pull requests",
  merge: "merge pull requests",
  rebuild: "rebuild pipelines",
  provision: "provision shared resources",
  deploy: "deploy what is approved",
  "deploy-unapproved": "deploy to an environment that needs no approval",
  rollback: "roll back",
  hotfix: "approve a hotfix",
  delay: "delay or resume a release",
  revoke: "revoke a release",
  approve: "approve a release",
  reject: "reject a release",
  "request-changes": "request changes to a release",
  comment: "comment on a release",
  escalate: "escalate a release",
  freeze: "set or end a freeze",
  "override-freeze": "override a freeze",
  "override-cve": "override a CVE warning",
  retry: "retry a step that failed",
  cancel: "cancel a delivery",
  evidence: "add evidence",
  settings: "change configuration and secrets",
  "settings-unapproved": "change them in an environment that needs no approval",
  policy: "change release policy",
  tenant: "manage the tenant's people, environments and policy",
  token: "issue or end access tokens",
  export: "export evidence",
} as const satisfies Record<string, string>;
export type Action = keyof typeof actions;

const everyone: readonly Role[] = roleSchema.options;

const table: Record<Action, readonly Role[]> = {
  view: everyone,
  "hand-over": ["Developer"],
  commit: ["Developer"],
  "pull-request": ["Developer"],
  push: ["Developer", "DevOpsEngineer", "ReleaseManager"],
  review: ["Developer", "DevOpsEngineer", "ProductOwner", "ReleaseManager", "SecurityReviewer"],
  merge: ["Developer", "ReleaseManager"],
  rebuild: ["DevOpsEngineer"],
  provision: ["InfraAdmin", "CloudArchitect"],
  deploy: ["Deployer"],
  "deploy-unapproved": ["Deployer", "Developer"],
  rollback: ["DevOpsEngineer", "Deployer", "StudioAdmin"],
  hotfix: ["ReleaseManager"],
  delay: ["ReleaseManager"],
  revoke: ["ReleaseManager"],
  approve: ["ProductOwner", "ReleaseManager", "SecurityReviewer"],
  reject: ["ProductOwner", "ReleaseManager", "SecurityReviewer"],
  "request-changes": ["ProductOwner", "ReleaseManager", "SecurityReviewer"],
  comment: [
    "Developer",
    "DevOpsEngineer",
    "ProductOwner",
    "ReleaseManager",
    "SecurityReviewer",
    "StudioApprover",
    "StudioAdmin",
  ],
  escalate: ["ReleaseManager"],
  freeze: ["ReleaseManager"],
  "override-freeze": ["StudioApprover", "StudioAdmin"],
  "override-cve": ["SecurityReviewer"],
  retry: ["DevOpsEngineer", "ReleaseManager"],
  cancel: ["Developer", "ReleaseManager", "StudioAdmin"],
  evidence: ["DevOpsEngineer", "SecurityReviewer"],
  settings: ["DevOpsEngineer", "InfraAdmin", "CloudArchitect"],
  "settings-unapproved": ["Developer", "DevOpsEngineer", "InfraAdmin", "CloudArchitect"],
  policy: ["ReleaseManager", "StudioAdmin"],
  tenant: ["StudioAdmin"],
  token: ["StudioAdmin"],
  export: ["Auditor", "ReleaseManager", "StudioAdmin"],
};

/** Whether one of these roles is enough for the action. */
export function mayDo(roles: readonly Role[], action: Action): boolean {
  return table[action].some((role) => roles.includes(role));
}

/** The roles of which each one is enough. */
export function rolesFor(action: Action): readonly Role[] {
  return table[action];
}

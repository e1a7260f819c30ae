/** What the address of a decision says beside the release: which change is looked at, and in whose name one would vote. */
export const changeTabs = ["code", "configuration", "plan", "components", "policy"] as const;
export type ChangeTab = (typeof changeTabs)[number];

export interface ApprovalSearch {
  changes?: ChangeTab;
  /** A person who delegated their role. */
  for?: string;
}

export function readApprovalSearch(search: Record<string, unknown>): ApprovalSearch {
  const changes = changeTabs.find((tab) => tab === search.changes);
  return {
    ...(changes !== undefined && { changes }),
    ...(typeof search.for === "string" && search.for !== "" && { for: search.for }),
  };
}

/** What can be done about a release, in the order in which it is offered. */
import type { ApprovalView } from "../use-approval.ts";

export type ActName = keyof ApprovalView["actions"];

/** What takes the page's width on a phone. */
export const votes = ["approve", "reject"] as const satisfies ActName[];

export const otherActs = [
  "requestChanges",
  "comment",
  "delay",
  "escalate",
  "overrideFreeze",
  "confirmFreezeOverride",
  "hotfix",
  "overrideCve",
] as const satisfies ActName[];

/** Of the acts that are offered on this page. */
export type Act = (typeof votes)[number] | (typeof otherActs)[number];

/** By one key, while nobody types. */
export const keyOf: Partial<Record<Act, string>> = { approve: "a", reject: "r", comment: "c" };

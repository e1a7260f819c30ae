/** What people can do about a release that waits for them. */
import { z } from "zod";
import { approveRelease, decisionInput, rejectRelease, requestChanges } from "../decide-release.ts";
import { listPending } from "../list-pending.ts";
import { type Operation, operation } from "../operation.ts";
import { commentRelease, commentReleaseInput } from "./comment-release.ts";
import {
  delegateInput,
  delegateRole,
  endDelegation,
  endDelegationInput,
  listDelegations,
} from "./delegate.ts";
import { describeDecision, describeDecisionInput } from "./describe-decision.ts";
import { escalateRelease, escalateReleaseInput } from "./escalate-release.ts";
import { listConfirmations } from "./list-confirmations.ts";

const nothing = z.object({});

export const decisionOperations: Operation[] = [
  operation({
    name: "listPending",
    summary: "Releases that wait for a decision, and whether the caller may take it.",
    method: "GET",
    path: "/releases/pending",
    input: nothing,
    action: "view",
    handle: listPending,
  }),
  operation({
    name: "listConfirmations",
    summary: "What one person asked for and a second one has to confirm, and whether the caller may.",
    method: "GET",
    path: "/confirmations",
    input: nothing,
    action: "view",
    handle: listConfirmations,
  }),
  operation({
    name: "describeDecision",
    summary:
      "All that a decision on a release is about: gates, digests, what would change, who else must sign.",
    method: "GET",
    path: "/releases/:releaseId/decision",
    input: describeDecisionInput,
    action: "view",
    handle: describeDecision,
  }),
  operation({
    name: "approveRelease",
    summary: "Approves exactly what was shown: the vote binds its digests.",
    method: "POST",
    path: "/releases/:releaseId/approve",
    input: decisionInput,
    action: "view",
    recordsRefusals: true,
    handle: approveRelease,
  }),
  operation({
    name: "rejectRelease",
    summary: "Rejects a release, with the reason.",
    method: "POST",
    path: "/releases/:releaseId/reject",
    input: decisionInput,
    action: "view",
    recordsRefusals: true,
    handle: rejectRelease,
  }),
  operation({
    name: "requestChanges",
    summary: "Ends a release with what is to be mended.",
    method: "POST",
    path: "/releases/:releaseId/changes",
    input: decisionInput,
    action: "view",
    recordsRefusals: true,
    handle: requestChanges,
  }),
  operation({
    name: "commentRelease",
    summary: "Says something about a release; it is recorded and decides nothing.",
    method: "POST",
    path: "/releases/:releaseId/comments",
    input: commentReleaseInput,
    action: "comment",
    handle: commentRelease,
  }),
  operation({
    name: "escalateRelease",
    summary: "Takes a release that nobody decides on to the next role now.",
    method: "POST",
    path: "/releases/:releaseId/escalation",
    input: escalateReleaseInput,
    action: "escalate",
    handle: escalateRelease,
  }),
  operation({
    name: "delegateRole",
    summary: "Has another person vote in a role of the caller's for a while.",
    method: "POST",
    path: "/delegations",
    input: delegateInput,
    action: "view",
    handle: delegateRole,
  }),
  operation({
    name: "listDelegations",
    summary: "Who votes in whose place, and who did.",
    method: "GET",
    path: "/delegations",
    input: nothing,
    action: "view",
    handle: listDelegations,
  }),
  operation({
    name: "endDelegation",
    summary: "Takes a delegated role back; votes that were given by it and are not decided yet are void.",
    method: "POST",
    path: "/delegations/:id/end",
    input: endDelegationInput,
    action: "view",
    handle: endDelegation,
  }),
];

/** What Studio's screens show: read models, each one answer for one screen. */
import { z } from "zod";
import { subjectSchema } from "../../domain/scope.ts";
import { type Operation, operation } from "../operation.ts";
import { approvalViewInput, getApprovalView } from "./approval/get-approval-view.ts";
import { boardFilterInput } from "./board-filter.ts";
import { countDeliveries } from "./count-deliveries.ts";
import { getFlowPicture } from "./get-flow-picture.ts";
import { getInsight, insightInput } from "./get-insight.ts";
import { getTimeline, getTimelineInput } from "./get-timeline.ts";
import { getWaterfall } from "./get-waterfall.ts";
import { listAlerts } from "./list-alerts.ts";
import { listDeliveryActs } from "./list-delivery-acts.ts";
import { getMatrix, matrixInput } from "./matrix/get-matrix.ts";
import { searchAudit, searchAuditInput } from "./search-audit.ts";
import { searchDeliveries, searchDeliveriesInput } from "./search-deliveries.ts";
import { showPlace, showPlaceInput } from "./show-place.ts";
import { listTeams } from "./teams.ts";
import { verifyDelivery, verifyDeliveryInput } from "./verify-delivery.ts";

const delivery = "/deliveries/:tenantId/:traceId/:moduleId";

export const studioOperations: Operation[] = [
  operation({
    name: "searchDeliveries",
    summary: "The board: deliveries by what people look for, a page at a time.",
    method: "GET",
    path: "/deliveries/search",
    input: searchDeliveriesInput,
    action: "view",
    handle: searchDeliveries,
  }),
  operation({
    name: "countDeliveries",
    summary: "How many deliveries the board's filter finds in each state.",
    method: "GET",
    path: "/deliveries/counts",
    input: boardFilterInput,
    action: "view",
    handle: countDeliveries,
  }),
  operation({
    name: "getTimeline",
    summary: "What happened to a delivery, event by event, in words.",
    method: "GET",
    path: `${delivery}/timeline`,
    input: getTimelineInput,
    action: "view",
    handle: getTimeline,
  }),
  operation({
    name: "getWaterfall",
    summary: "The spans of a delivery: what ran when, how often, and how it ended.",
    method: "GET",
    path: `${delivery}/spans`,
    input: subjectSchema,
    action: "view",
    handle: getWaterfall,
  }),
  operation({
    name: "getFlowPicture",
    summary: "The flows of a delivery as nodes and edges, with where they are, have been and failed.",
    method: "GET",
    path: `${delivery}/flow`,
    input: subjectSchema,
    action: "view",
    handle: getFlowPicture,
  }),
  operation({
    name: "listDeliveryActs",
    summary: "What moves a delivery on where it stands, and why the caller may not where they may not.",
    method: "GET",
    path: `${delivery}/acts`,
    input: subjectSchema,
    action: "view",
    handle: listDeliveryActs,
  }),
  operation({
    name: "getApprovalView",
    summary:
      "One decision on one screen: gates, what changes, what makes it a risk, what is signed, what the caller may do.",
    method: "GET",
    path: "/releases/:releaseId/approval",
    input: approvalViewInput,
    action: "view",
    handle: getApprovalView,
  }),
  operation({
    name: "getMatrix",
    summary:
      "Environments by modules: what serves where and how it is, what is on its way, what the caller may do.",
    method: "GET",
    path: "/matrix",
    input: matrixInput,
    action: "view",
    handle: getMatrix,
  }),
  operation({
    name: "searchAudit",
    summary: "What happened across deliveries and in the tenant's journal: who, what, why, and how it ended.",
    method: "GET",
    path: "/audit/events",
    input: searchAuditInput,
    action: "view",
    handle: searchAudit,
  }),
  operation({
    name: "listAlerts",
    summary:
      "What the monitoring beside this server says is wrong now, of the tenant and of the installation.",
    method: "GET",
    path: "/alerts",
    input: z.object({}),
    action: "view",
    handle: listAlerts,
  }),
  operation({
    name: "getInsight",
    summary:
      "DORA's measures, how long approvals wait, and where releases are taken back; over time and told apart.",
    method: "GET",
    path: "/insight",
    input: insightInput,
    action: "view",
    handle: getInsight,
  }),
  operation({
    name: "listTeams",
    summary: "The tenant's teams, by which the board and the measures can be told apart.",
    method: "GET",
    path: "/teams",
    input: z.object({}),
    action: "view",
    handle: listTeams,
  }),
  operation({
    name: "verifyDelivery",
    summary:
      "Runs the verifier over one delivery: chain, replay, votes, artifacts and signed log, each with its verdict.",
    method: "GET",
    path: `${delivery}/verification`,
    input: verifyDeliveryInput,
    action: "view",
    handle: verifyDelivery,
  }),
  operation({
    name: "showPlace",
    summary:
      "What runs of a module in an environment, by looking at it, and every release that was proposed for it.",
    method: "GET",
    path: "/deployments/:environment/:moduleId",
    input: showPlaceInput,
    action: "view",
    handle: showPlace,
  }),
];

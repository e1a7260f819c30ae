/** Every use case that a face may offer. HTTP makes its routes from this list; a use case that is not here has no face. */
import { z } from "zod";
import { subjectSchema } from "../domain/scope.ts";
import { accessOperations } from "./access/catalogue.ts";
import { accountOperations } from "./accounts/catalogue.ts";
import { addEvidence, addEvidenceInput } from "./add-evidence.ts";
import { agentOperations } from "./agents/catalogue.ts";
import { approveHotfix, approveHotfixInput } from "./approve-hotfix.ts";
import { auditOperations } from "./audit/catalogue.ts";
import { cancelDelivery, cancelDeliveryInput } from "./cancel-delivery.ts";
import { decisionOperations } from "./decisions/catalogue.ts";
import { delayRelease, delayReleaseInput } from "./delay-release.ts";
import { describeFailure, describeFailureInput } from "./describe-failure.ts";
import { diffDeployment, diffDeploymentInput } from "./diff-deployment.ts";
import { correctDrift, driftInput, showDrift } from "./drift/show-drift.ts";
import { environmentOperations } from "./environments/catalogue.ts";
import { exampleOperations } from "./examples/catalogue.ts";
import { fleetOperations } from "./fleet/catalogue.ts";
import { listFlows, showFlow, showFlowInput, validateFlow, validateFlowInput } from "./flows.ts";
import { freezeOperations } from "./freezes/catalogue.ts";
import { explainDelivery, getDelivery } from "./get-delivery.ts";
import { handOver, handOverInput } from "./hand-over.ts";
import { hookOperations } from "./hooks/catalogue.ts";
import { ingestEvent, ingestEventInput } from "./ingest-event.ts";
import { listDeliveries, listDeliveriesInput } from "./list-deliveries.ts";
import {
  listConfig,
  listSecrets,
  listSettingsInput,
  setConfig,
  setSecret,
  setSettingInput,
  unsetConfig,
  unsetSecret,
  unsetSettingInput,
} from "./manage-settings.ts";
import { applyTenant, applyTenantInput, showTenant } from "./manage-tenant.ts";
import { notificationOperations } from "./notifications/catalogue.ts";
import { type Operation, operation } from "./operation.ts";
import { policyChangeOperations } from "./policy-changes/catalogue.ts";
import { onRecord } from "./policy-changes/on-record.ts";
import { previewDelivery, previewInput } from "./preview-delivery.ts";
import { pullRequestOperations } from "./pull-requests/catalogue.ts";
import { readEvents, readEventsInput } from "./read-events.ts";
import { readLogs, readLogsInput } from "./read-logs.ts";
import { getArtifact, getArtifactInput, listArtifacts, listArtifactsInput } from "./read-memory.ts";
import { redeploy, redeployInput } from "./redeploy.ts";
import { planOfTrace, planOfTraceInput } from "./release-plan/plan-trace.ts";
import { replayDelivery } from "./replay-delivery.ts";
import { reportRegression, reportRegressionInput } from "./report-regression.ts";
import { requestRollback, requestRollbackInput } from "./request-rollback.ts";
import { retryDelivery, retryDeliveryInput } from "./retry-delivery.ts";
import { revertRelease, revertReleaseInput } from "./revert-release.ts";
import { revokeRelease, revokeReleaseInput } from "./revoke-release.ts";
import { runPipeline, runPipelineInput } from "./run-pipeline.ts";
import { listSchemas, showSchema } from "./schemas.ts";
import { sendEvent, sendEventInput } from "./send-event.ts";
import { sessionOperations } from "./sessions/catalogue.ts";
import { sponsorOperations } from "./sponsors/catalogue.ts";
import { streamOperations } from "./stream/catalogue.ts";
import { studioOperations } from "./studio/catalogue.ts";
import { subscriptionOperations } from "./subscriptions/catalogue.ts";
import { tenantOperations } from "./tenant/catalogue.ts";
import { vulnerabilityOperations } from "./vulnerabilities/catalogue.ts";

const nothing = z.object({});
const delivery = "/deliveries/:tenantId/:traceId/:moduleId";

export const catalogue: Operation[] = [
  operation({
    name: "handOver",
    summary: "Hands a module over: a folder on the server's host, or a git address.",
    method: "POST",
    path: "/deliveries",
    input: handOverInput,
    action: "hand-over",
    handle: handOver,
  }),
  operation({
    name: "revertRelease",
    summary: "Takes a released change back, as a delivery of its own.",
    method: "POST",
    path: "/reverts",
    input: revertReleaseInput,
    action: "hand-over",
    handle: revertRelease,
  }),
  operation({
    name: "listDeliveries",
    summary: "Deliveries of the tenant, newest first.",
    method: "GET",
    path: "/deliveries",
    input: listDeliveriesInput,
    action: "view",
    handle: listDeliveries,
  }),
  operation({
    name: "getDelivery",
    summary: "Where a delivery is, with each environment and what it waits for.",
    method: "GET",
    path: delivery,
    input: subjectSchema,
    action: "view",
    handle: getDelivery,
  }),
  operation({
    name: "explainDelivery",
    summary: "Why it waits, on whom, since when, and what resolves it.",
    method: "GET",
    path: `${delivery}/explanation`,
    input: subjectSchema,
    action: "view",
    handle: explainDelivery,
  }),
  operation({
    name: "planOfTrace",
    summary:
      "The order in which a trace's modules deploy in each environment, and where each of them stands.",
    method: "GET",
    path: "/traces/:tenantId/:traceId/plan",
    input: planOfTraceInput,
    action: "view",
    handle: planOfTrace,
  }),
  operation({
    name: "readEvents",
    summary: "What happened, in order of the chain. With Accept: text/event-stream it is followed live.",
    method: "GET",
    path: `${delivery}/events`,
    input: readEventsInput,
    action: "view",
    handle: readEvents,
  }),
  operation({
    name: "sendEvent",
    summary: "A person's trigger, upstream's news or evidence.",
    method: "POST",
    path: `${delivery}/events`,
    input: sendEventInput,
    action: "view",
    handle: sendEvent,
  }),
  operation({
    name: "cancelDelivery",
    summary: "Ends a delivery; what serves goes on serving.",
    method: "POST",
    path: `${delivery}/cancel`,
    input: cancelDeliveryInput,
    action: "cancel",
    handle: cancelDelivery,
  }),
  operation({
    name: "retryDelivery",
    summary: "Starts the state whose agent failed last afresh, or the one that is named.",
    method: "POST",
    path: `${delivery}/retry`,
    input: retryDeliveryInput,
    action: "retry",
    handle: retryDelivery,
  }),
  operation({
    name: "replayDelivery",
    summary: "Verifies the chain and replays the delivery from its events.",
    method: "GET",
    path: `${delivery}/replay`,
    input: subjectSchema,
    action: "view",
    handle: replayDelivery,
  }),
  operation({
    name: "redeploy",
    summary: "Asks for an earlier version to be released again.",
    method: "POST",
    path: "/redeployments",
    input: redeployInput,
    action: "view",
    handle: redeploy,
  }),
  ...decisionOperations,
  operation({
    name: "requestRollback",
    summary: "Asks for the release before to serve again.",
    method: "POST",
    path: "/releases/:releaseId/rollback",
    input: requestRollbackInput,
    action: "rollback",
    handle: requestRollback,
  }),
  operation({
    name: "approveHotfix",
    summary: "Puts a release on the expedited path that the environment's policy describes.",
    method: "POST",
    path: "/releases/:releaseId/hotfix",
    input: approveHotfixInput,
    action: "hotfix",
    handle: approveHotfix,
  }),
  operation({
    name: "delayRelease",
    summary: "Puts the next attempt of a release off until a time.",
    method: "POST",
    path: "/releases/:releaseId/delay",
    input: delayReleaseInput,
    action: "delay",
    handle: delayRelease,
  }),
  operation({
    name: "revokeRelease",
    summary: "Takes the approval of a release back; one that serves is taken back as policy says.",
    method: "POST",
    path: "/releases/:releaseId/revoke",
    input: revokeReleaseInput,
    action: "revoke",
    handle: revokeRelease,
  }),
  operation({
    name: "reportRegression",
    summary:
      "Says that a release is worse than the one before; it is taken back, or escalated, as policy says.",
    method: "POST",
    path: "/releases/:releaseId/regression",
    input: reportRegressionInput,
    action: "evidence",
    handle: reportRegression,
  }),
  operation({
    name: "describeFailure",
    summary: "What failed of a release or a trace, what was measured, what serves now, and what to do.",
    method: "GET",
    path: "/failures/:ref",
    input: describeFailureInput,
    action: "view",
    handle: describeFailure,
  }),
  ...pullRequestOperations,
  operation({
    name: "previewDelivery",
    summary:
      "What would be generated for a folder on the server's host, as a tree and a diff; nothing is written.",
    method: "POST",
    path: "/previews",
    input: previewInput,
    action: "hand-over",
    handle: previewDelivery,
  }),
  operation({
    name: "diffDeployment",
    summary: "What the next deployment of a delivery would change, against what serves there.",
    method: "GET",
    path: `${delivery}/deployment-diff`,
    input: diffDeploymentInput,
    action: "view",
    handle: diffDeployment,
  }),
  operation({
    name: "showDrift",
    summary: "What differs now between what runs and what was approved, of places on the server's host.",
    method: "GET",
    path: "/drift",
    input: driftInput,
    action: "view",
    handle: showDrift,
  }),
  operation({
    name: "correctDrift",
    summary: "Has what differs made what was approved again.",
    method: "POST",
    path: "/drift/corrections",
    input: driftInput,
    action: "rollback",
    handle: correctDrift,
  }),
  operation({
    name: "listArtifacts",
    summary: "What agents wrote: paths, versions and digests.",
    method: "GET",
    path: "/memory",
    input: listArtifactsInput,
    action: "view",
    handle: listArtifacts,
  }),
  operation({
    name: "getArtifact",
    summary: "One artifact's content.",
    method: "GET",
    path: "/memory/content",
    input: getArtifactInput,
    action: "view",
    handle: getArtifact,
  }),
  operation({
    name: "readLogs",
    summary:
      "The last lines that a module's releases wrote. With Accept: text/event-stream it is followed live.",
    method: "GET",
    path: "/logs/:environment/:moduleId",
    input: readLogsInput,
    action: "view",
    handle: readLogs,
  }),
  operation({
    name: "listConfig",
    summary: "Configuration of an environment, resolved for a module where one is named.",
    method: "GET",
    path: "/settings/:environment/config",
    input: listSettingsInput,
    action: "view",
    handle: listConfig,
  }),
  operation({
    name: "setConfig",
    summary: "Sets one value of configuration.",
    method: "PUT",
    path: "/settings/:environment/config/:name",
    input: setSettingInput,
    action: "view",
    handle: setConfig,
  }),
  operation({
    name: "unsetConfig",
    summary: "Removes one value of configuration.",
    method: "DELETE",
    path: "/settings/:environment/config/:name",
    input: unsetSettingInput,
    action: "view",
    handle: unsetConfig,
  }),
  operation({
    name: "listSecrets",
    summary: "Names and version ids of secrets; never a value.",
    method: "GET",
    path: "/settings/:environment/secrets",
    input: listSettingsInput,
    action: "view",
    handle: listSecrets,
  }),
  operation({
    name: "setSecret",
    summary: "Sets one secret; its value is never shown again.",
    method: "PUT",
    path: "/settings/:environment/secrets/:name",
    input: setSettingInput,
    action: "view",
    handle: setSecret,
  }),
  operation({
    name: "unsetSecret",
    summary: "Removes one secret.",
    method: "DELETE",
    path: "/settings/:environment/secrets/:name",
    input: unsetSettingInput,
    action: "view",
    handle: unsetSecret,
  }),
  ...environmentOperations,
  ...fleetOperations,
  ...policyChangeOperations,
  ...accessOperations,
  ...freezeOperations,
  ...vulnerabilityOperations,
  ...notificationOperations,
  ...subscriptionOperations,
  ...hookOperations,
  ...auditOperations,
  operation({
    name: "addEvidence",
    summary: "A report of a team's own CI as evidence for one commit of a delivery.",
    method: "POST",
    path: `${delivery}/evidence`,
    input: addEvidenceInput,
    action: "evidence",
    handle: addEvidence,
  }),
  operation({
    name: "runPipeline",
    summary: "Builds and tests a folder on the server's host, with nothing handed over.",
    method: "POST",
    path: "/runs",
    input: runPipelineInput,
    action: "hand-over",
    handle: (system, caller, input) =>
      runPipeline(system, caller, {
        ...input,
        watching: { signal: new AbortController().signal, progress() {} },
      }),
  }),
  operation({
    name: "ingestEvent",
    summary: "A CloudEvent from outside, in structured or binary mode.",
    method: "POST",
    path: "/events",
    input: ingestEventInput,
    action: "view",
    handle: ingestEvent,
  }),
  operation({
    name: "listFlows",
    summary: "The flows that new deliveries run on.",
    method: "GET",
    path: "/flows",
    input: nothing,
    action: "view",
    handle: listFlows,
  }),
  operation({
    name: "showFlow",
    summary: "A flow's text and version.",
    method: "GET",
    path: "/flows/:name",
    input: showFlowInput,
    action: "view",
    handle: showFlow,
  }),
  operation({
    name: "validateFlow",
    summary: "Checks a flow file.",
    method: "POST",
    path: "/flows/validate",
    input: validateFlowInput,
    action: "view",
    handle: validateFlow,
  }),
  operation({
    name: "showTenant",
    summary: "The tenant's declaration and its version.",
    method: "GET",
    path: "/tenant",
    input: nothing,
    action: "view",
    handle: showTenant,
  }),
  operation({
    name: "applyTenant",
    summary: "Replaces the tenant's declaration after checking it whole.",
    method: "PUT",
    path: "/tenant",
    input: applyTenantInput,
    action: "tenant",
    handle: onRecord("applyTenant", applyTenant),
  }),
  ...tenantOperations,
  ...accountOperations,
  ...sessionOperations,
  ...streamOperations,
  ...agentOperations,
  ...sponsorOperations,
  ...studioOperations,
  ...exampleOperations,
  operation({
    name: "listSchemas",
    summary: "Names of the published JSON Schemas.",
    method: "GET",
    path: "/schemas",
    input: nothing,
    action: "view",
    handle: async () => listSchemas(),
  }),
  operation({
    name: "showSchema",
    summary: "One JSON Schema.",
    method: "GET",
    path: "/schemas/:name",
    input: z.object({ name: z.string().max(100) }),
    action: "view",
    handle: async (_system, _caller, { name }) => showSchema(name),
  }),
];

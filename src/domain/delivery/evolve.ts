/**
 * Evolves a delivery by one event. Pure: the same events give the same state, which is how a delivery is
 * replayed from its chain. What the flow wants done comes back as wants; `decideStep` turns them into events.
 */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import { DeliveryDraft, type Evolution, type FlowLookup } from "./delivery-draft.ts";
import type { DeliveryRecord } from "./delivery-state.ts";
import type { HandOver } from "./hand-over.ts";

export type { Evolution, FlowLookup, Want } from "./delivery-draft.ts";

export function evolve(record: DeliveryRecord, event: DeliveryEvent, flows: FlowLookup): Evolution {
  const draft = new DeliveryDraft(record, event, flows);
  const { data } = event;
  switch (eventName(event)) {
    case "ModuleReady":
      if (draft.state.phase === "new") draft.begin(data as unknown as HandOver);
      break;
    case "FlowStarted":
      draft.startFlow(String(data.instance), { name: String(data.flow), digest: String(data.flowDigest) });
      break;
    case "AgentInvoked":
      draft.register(data);
      break;
    case "AgentCompleted":
      if (data.late !== true) draft.complete(data);
      break;
    case "AgentFailed":
      if (data.late !== true) draft.fail(data);
      break;
    case "TimerFired":
      draft.fireTimer(String(data.instance), String(data.timerId));
      break;
    case "FlowMoved":
      draft.move(String(data.instance), String(data.to));
      break;
    case "DeliveryCancelled":
      draft.end("cancelled");
      break;
    case "DeliverySuperseded":
      draft.end("superseded");
      break;
    case "ArtifactWritten":
      draft.recordArtifact(data);
      draft.offer();
      break;
    case "CommitReady":
      draft.settleVersion(data.version);
      draft.offer();
      break;
    case "SponsorChanged":
      draft.changeSponsor(String(data.to));
      break;
    case "ReleaseProposed":
      draft.bindRelease(String(data.releaseId));
      draft.offer();
      break;
    case "DeploymentCompleted":
      draft.markDeployed();
      draft.offer();
      break;
    default:
      draft.offer();
  }
  return draft.finish();
}

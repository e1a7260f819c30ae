/**
 * An event as one of its type would be, for who wants to see that it arrives and is understood. It stands on no chain,
 * under a trace that nothing else has, and says that it is a sample.
 */
import { canonicalJson, sha256Hex } from "../canonical-json.ts";
import { plainJson } from "../json.ts";
import { type DeliveryEvent, genesis, sealEvent } from "./event.ts";
import type { EventName } from "./event-catalogue.ts";
import { sampleData } from "./sample-data.ts";

export interface SampleEvent extends DeliveryEvent {
  sample: true;
}

export interface SamplePlace {
  tenantId: string;
  moduleId: string;
  /** Of what happens in one. */
  environment?: string;
  /** No other sample's: a part of its trace. */
  id: string;
  /** ISO 8601. */
  time: string;
}

const inEnvironment =
  /^(Approval|Cve|Dependency|Deploy|Drift|Environment|Freeze|Gate|Hotfix|Infra|Regression|Release(?!Intent|Published)|Retry|Roll|Vulnerability)/;

export function sampleEvent(name: EventName, place: SamplePlace): SampleEvent {
  const { tenantId, moduleId, environment, id, time } = place;
  const subject = { tenantId, traceId: `sample-${id}`, moduleId };
  const stated = sampleData({ ...subject, environment: environment ?? "production" })[name];
  const data = plainJson(stated);
  const draft = {
    ...{ name, source: "/samples", data },
    ...(environment !== undefined && inEnvironment.test(name) && { environment }),
    ...(typeof data.releaseId === "string" && { releaseId: data.releaseId }),
  };
  const { hash: _, ...unsealed } = sealEvent(subject, draft, { after: genesis, time });
  const marked = { ...unsealed, sample: true as const };
  return { ...marked, hash: sha256Hex(canonicalJson(marked)) };
}

export function isSample(event: DeliveryEvent): event is SampleEvent {
  return "sample" in event && event.sample === true;
}

/** The shape of CDEvents 0.5.0 (https://cdevents.dev): a context that every type has, and a subject of its own. */
import type { JsonObject } from "../json.ts";

export const cdEventsVersion = "0.5.0";

/** Types that we send, with the version of each in CDEvents 0.5.0. */
export const cdEventTypes = {
  "artifact.packaged": "0.3.0",
  "artifact.signed": "0.3.0",
  "change.abandoned": "0.3.0",
  "change.created": "0.4.0",
  "change.merged": "0.3.0",
  "change.reviewed": "0.3.0",
  "environment.created": "0.3.0",
  "environment.modified": "0.3.0",
  "incident.detected": "0.3.0",
  "incident.resolved": "0.3.0",
  "pipelinerun.queued": "0.3.0",
  "pipelinerun.started": "0.3.0",
  "pipelinerun.finished": "0.3.0",
  "service.deployed": "0.3.0",
  "service.upgraded": "0.3.0",
  "service.rolledback": "0.3.0",
  "service.removed": "0.3.0",
  "taskrun.started": "0.3.0",
  "taskrun.finished": "0.3.0",
  "testcaserun.finished": "0.3.0",
  "testsuiterun.finished": "0.3.0",
} as const;

/** Of the draft of 0.6: they may change, and are sent where a target asks for drafts. */
export const draftTypes = {
  "approval.created": "0.1.0",
  "approval.updated": "0.1.0",
  "approval.closed": "0.1.0",
} as const;

export type CdEventType = keyof typeof cdEventTypes | keyof typeof draftTypes;

export interface CdEvent {
  context: {
    specversion: typeof cdEventsVersion;
    id: string;
    source: string;
    /** `dev.cdevents.<subject>.<predicate>.<version>` */
    type: string;
    timestamp: string;
    /** The trace: what belongs to one chain of cause and effect. */
    chainId?: string;
  };
  subject: { id: string; content: JsonObject };
  customData?: JsonObject;
  customDataContentType?: string;
}

export function typeOf(name: CdEventType): string {
  const versions: Record<CdEventType, string> = { ...cdEventTypes, ...draftTypes };
  return `dev.cdevents.${name}.${versions[name]}`;
}

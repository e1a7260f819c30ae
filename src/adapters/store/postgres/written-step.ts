import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import type { ArtifactVersion } from "../../../domain/delivery/step.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { JobChanges } from "../project-jobs.ts";

/** All that one transaction changes of one delivery. */
export interface WrittenStep {
  before: DeliveryRecord;
  after: DeliveryRecord;
  events: DeliveryEvent[];
  artifacts: ArtifactVersion[];
  jobs: JobChanges;
}

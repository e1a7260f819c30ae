/** What an act is about: a release of a module at a place, and the delivery where it is seen live. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Subject = components["schemas"]["Subject"];

export interface ActTarget {
  environment: string;
  moduleId: string;
  /** The delivery that it moves. */
  subject: Subject;
  releaseId?: string | undefined;
  version?: string | undefined;
  /** What a rollback goes back to. */
  previous?: { version: string; releaseId: string };
}

export interface ActProps {
  target: ActTarget;
  onClose: () => void;
}

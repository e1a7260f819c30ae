/**
 * Who and what an event, artifact, span or log line belongs to. A slug that does not fit is
 * refused at the edge by name and never repaired, because it becomes a path, a branch and a label.
 */
import { z } from "zod";

const slugForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const traceForm = /^[a-z0-9]([a-z0-9-]{1,78}[a-z0-9])$/;

export const slug = z
  .string()
  .regex(slugForm, "expected 1 to 63 lower-case letters, digits or inner hyphens, such as booking-service");
export const traceSlug = z
  .string()
  .regex(
    traceForm,
    "expected 3 to 80 lower-case letters, digits or inner hyphens, such as trace-2025-05-23-0012",
  );
export const releaseNumber = z
  .string()
  .regex(/^release-\d{6,}$/, "expected a release such as release-001293");

export const subjectSchema = z.object({ tenantId: slug, traceId: traceSlug, moduleId: slug });

/** Names one delivery: one module on its way within one trace of one tenant. */
export interface Subject {
  tenantId: string;
  traceId: string;
  moduleId: string;
}

/** A subject, narrowed to an environment and a release where the step is bound to them. */
export interface Scope extends Subject {
  environment?: string;
  releaseId?: string;
  editionId?: string;
}

/** `<tenantId>/<traceId>/<moduleId>`: the CloudEvents subject, and the key of the delivery's row and chain. */
export function subjectKey(subject: Subject): string {
  return `${subject.tenantId}/${subject.traceId}/${subject.moduleId}`;
}

export function parseSubjectKey(key: string): Subject {
  const [tenantId = "", traceId = "", moduleId = ""] = key.split("/");
  return subjectSchema.parse({ tenantId, traceId, moduleId });
}

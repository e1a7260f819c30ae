/** Ids that the engine gives to events: the same fact, stated again, has the same id and is dropped. */
import { createHash } from "node:crypto";
import { type Subject, subjectKey } from "../scope.ts";

/** The same place on the same chain gives the same id, so that replay and retries agree. */
export function invocationIdFor(subject: Subject, sequence: number): string {
  return `inv-${createHash("sha256")
    .update(`${subjectKey(subject)}#${sequence}`)
    .digest("hex")
    .slice(0, 24)}`;
}

interface AttemptName {
  invocationId: string;
  attempt: number;
}

export function emissionId({ invocationId, attempt }: AttemptName, index: number): string {
  return `${invocationId}.${attempt}.${index}`;
}

export function endId({ invocationId, attempt }: AttemptName): string {
  return `${invocationId}.${attempt}.end`;
}

export function lateId({ invocationId, attempt }: AttemptName): string {
  return `${invocationId}.${attempt}.late`;
}

/** Whether an id is of those that the engine derives; one that came from outside could keep a fact of ours off the chain. */
export function isReserved(subject: Subject, id: string): boolean {
  return id.startsWith("inv-") || id.startsWith(`${subjectKey(subject)}#`);
}

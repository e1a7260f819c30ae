/** Which statements about tests count: our own agents', and those of producers that the tenant lists now. */
import type { EvidencePolicy } from "../tenant/delivery-policies.ts";

export interface TestStatement {
  name: string;
  source: string;
  sequence: number;
}

export type ProducerKind = EvidencePolicy["producers"][number]["kinds"][number];

const outside = /^\/(?:ci|qa|security)\/([a-z0-9-]+)$/;

/** The name of a producer outside, from the source of its events. */
export function producerOf(source: string): string | undefined {
  return outside.exec(source)?.[1];
}

export function counts(
  source: string,
  kind: ProducerKind,
  policy: Pick<EvidencePolicy, "producers">,
): boolean {
  if (source.startsWith("/agents/")) return true;
  const producer = producerOf(source);
  return policy.producers.some(({ id, kinds }) => id === producer && kinds.includes(kind));
}

/**
 * Of several results of one producer the newest counts; of several producers, one that says that tests failed:
 * nobody's success hides another's failure.
 */
export function weighTests<Statement extends TestStatement>(statements: Statement[]): Statement | undefined {
  const newest = new Map<string, Statement>();
  for (const one of statements.toSorted((a, b) => a.sequence - b.sequence)) newest.set(one.source, one);
  const last = [...newest.values()].sort((a, b) => b.sequence - a.sequence);
  return last.find(({ name }) => name === "TestsFailed") ?? last[0];
}

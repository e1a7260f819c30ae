/**
 * What a delivery's events state, as in-toto Statements v1 (in-toto.io/Statement/v1). Made from the events and
 * artifacts alone, so that whoever has these can make them again and compare.
 */
import { canonicalJson } from "../canonical-json.ts";
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { Json, JsonObject } from "../json.ts";
import { subjectKey } from "../scope.ts";
import { type ContentOf, type DeliveryFacts, recordOf, textOf } from "./delivery-facts.ts";
import { signatureOf } from "./vote-signature.ts";

export const predicateTypes = {
  "test-result": "https://in-toto.io/attestation/test-result/v0.1",
  sbom: "https://cyclonedx.org/bom",
  provenance: "https://slsa.dev/provenance/v1",
  approval: "https://connectsoft.io/delivery/approval/v1",
  deployment: "https://connectsoft.io/delivery/deployment/v1",
} as const;
export type StatementKind = keyof typeof predicateTypes;

export interface StatedFact {
  /** Of the event that it tells of. */
  sequence: number;
  kind: StatementKind;
  /** The statement's text. */
  payload: string;
}

export function statementsOf({ subject, events }: DeliveryFacts, contentOf: ContentOf): StatedFact[] {
  const chain = subjectKey(subject);
  return events.flatMap((event): StatedFact[] => {
    const stated = (kind: StatementKind, payload: string) => [{ sequence: event.sequence, kind, payload }];
    switch (eventName(event)) {
      case "TestsPassed":
      case "TestsFailed":
        return stated("test-result", testResult(chain, event));
      case "ApprovalGranted":
      case "ApprovalRefused":
        return stated("approval", approval(chain, event));
      case "DeploymentCompleted":
      case "DeploymentFailed":
      case "RollbackCompleted":
      case "RollbackFailed":
        return stated("deployment", deployment(chain, { event, events }));
      case "ArtifactWritten": {
        const content = contentOf(event);
        if (content === undefined) return [];
        // Provenance is a statement already, and is signed as it stands.
        if (event.data.name === "provenance.intoto.json") return stated("provenance", content);
        if (event.data.name !== "SBOM.json") return [];
        const payload = inventory(chain, { event, events, content });
        return payload === undefined ? [] : stated("sbom", payload);
      }
      default:
        return [];
    }
  });
}

function statement(kind: StatementKind, subject: Json[], predicate: JsonObject): string {
  return canonicalJson({
    ...{ _type: "https://in-toto.io/Statement/v1", predicateType: predicateTypes[kind] },
    ...{ subject, predicate },
  });
}

/** https://github.com/in-toto/attestation, spec/predicates/test-result.md. */
function testResult(chain: string, event: DeliveryEvent): string {
  const { applicable, tests, failures } = event.data;
  const passed = eventName(event) === "TestsPassed";
  const report = textOf(event, "reportDigest");
  return statement("test-result", commitSubject(chain, event), {
    result: !passed ? "FAILED" : applicable === false ? "WARNED" : "PASSED",
    configuration: [
      {
        name: "test report",
        ...(report !== undefined && { digest: digestSet(report) }),
        annotations: { producer: textOf(event, "producer") ?? event.source, ...countsOf(tests) },
      },
    ],
    ...(Array.isArray(failures) && { failedTests: failures }),
    ...(applicable === false && { warnedTests: ["no tests were found"] }),
  });
}

function approval(chain: string, event: DeliveryEvent): string {
  const digests = recordOf(event, "digests") ?? {};
  const decision = eventName(event) === "ApprovalGranted" ? "granted" : "refused";
  return statement("approval", artifactSubject(chain, String(digests.artifact ?? "")), {
    decision,
    ...scopeOf(event),
    approver: { id: textOf(event, "by") ?? "", ...optional("onBehalfOf", textOf(event, "onBehalfOf")) },
    method: textOf(event, "method") ?? "",
    comment: textOf(event, "comment") ?? "",
    digests: digests as JsonObject,
    signature: signatureOf(event).label,
    ...placeOf(chain, event),
  });
}

function deployment(
  chain: string,
  { event, events }: { event: DeliveryEvent; events: readonly DeliveryEvent[] },
): string {
  const approved = events.findLast(
    (one) =>
      one.sequence < event.sequence &&
      eventName(one) === "ReleaseApproved" &&
      textOf(one, "releaseId") === textOf(event, "releaseId"),
  );
  const digests = approved === undefined ? undefined : recordOf(approved, "digests");
  const built = builtBefore(events, event);
  const artifact = String(digests?.artifact ?? (built && textOf(built, "artifact")) ?? "");
  return statement("deployment", artifactSubject(chain, artifact), {
    outcome: eventName(event),
    ...scopeOf(event),
    data: event.data,
    ...placeOf(chain, event),
  });
}

/** Undefined where nothing was built that it could be the inventory of, or where it is no JSON. */
function inventory(
  chain: string,
  { event, events, content }: { event: DeliveryEvent; events: readonly DeliveryEvent[]; content: string },
): string | undefined {
  const next = events.find((one) => one.sequence > event.sequence && eventName(one) === "ArtifactBuilt");
  const built = next ?? builtBefore(events, event);
  const artifact = built && textOf(built, "artifact");
  if (artifact === undefined) return undefined;
  try {
    return statement("sbom", artifactSubject(chain, artifact), JSON.parse(content));
  } catch {
    return undefined;
  }
}

function builtBefore(events: readonly DeliveryEvent[], event: DeliveryEvent): DeliveryEvent | undefined {
  return events.findLast((one) => one.sequence < event.sequence && eventName(one) === "ArtifactBuilt");
}

function commitSubject(chain: string, event: DeliveryEvent): Json[] {
  const { commit, tree } = event.data;
  return [{ name: chain, digest: { gitCommit: String(commit ?? ""), gitTree: String(tree ?? "") } }];
}

function artifactSubject(chain: string, artifact: string): Json[] {
  return [{ name: chain, digest: digestSet(artifact) }];
}

/** `sha256:<hex>` as in-toto writes it. */
function digestSet(digest: string): JsonObject {
  const colon = digest.indexOf(":");
  return { [colon < 0 ? "sha256" : digest.slice(0, colon)]: digest.slice(colon + 1) };
}

function scopeOf(event: DeliveryEvent): JsonObject {
  return {
    ...optional("releaseId", event.releaseid ?? textOf(event, "releaseId")),
    ...optional("environment", event.environment),
    ...optional("version", textOf(event, "version")),
  };
}

function placeOf(chain: string, event: DeliveryEvent): JsonObject {
  return { at: event.time, event: { chain, sequence: event.sequence, hash: event.hash } };
}

function countsOf(tests: Json | undefined): JsonObject {
  return tests === undefined ? {} : { tests };
}

function optional(key: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value };
}

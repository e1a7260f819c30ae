/** Takes a report from a team's own CI as evidence: read, bound to commit and tree, kept in memory by its digest. */
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { sha256 } from "../domain/canonical-json.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { coverageData } from "../domain/evidence/coverage.ts";
import { decodeText, largestReportBytes } from "../domain/evidence/decode-text.ts";
import {
  type EvidenceKind,
  type EvidenceSummary,
  evidenceKinds,
  producerKindOf,
  readEvidence,
} from "../domain/evidence/read-evidence.ts";
import { UnreadableReport } from "../domain/evidence/unreadable-report.ts";
import type { JsonObject } from "../domain/json.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug, subjectSchema } from "../domain/scope.ts";
import { requireOwnCommit, requireProducer } from "./evidence-producer.ts";
import { findDelivery } from "./find-delivery.ts";
import type { Caller, System } from "./system.ts";

export const addEvidenceInput = subjectSchema.extend({
  kind: z.enum(evidenceKinds),
  producer: slug,
  commit: z.string().regex(/^[0-9a-f]{40,64}$/, "expected the full id of a commit"),
  tree: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/, "expected the full id of a tree")
    .optional(),
  /** The file's bytes, compressed with gzip and written in base64. */
  content: z.base64().min(1),
});

export interface AddedEvidence {
  subject: Subject;
  event: EventName;
  reportDigest: string;
  tree: string;
  artifact: { kind: "pipelines" | "supply-chain"; name: string };
  /** False where exactly this was known already. */
  recorded: boolean;
  data: JsonObject;
}

const fileNames: Record<EvidenceKind, string> = {
  junit: "junit.xml",
  cobertura: "cobertura.xml",
  lcov: "lcov.info",
  jacoco: "jacoco.xml",
  sarif: "scan.sarif",
  cyclonedx: "bom.cdx.json",
  signature: "signatures/",
};

export async function addEvidence(
  system: System,
  caller: Caller,
  input: z.output<typeof addEvidenceInput>,
): Promise<AddedEvidence> {
  const { kind, producer, commit, tenantId, traceId, moduleId } = input;
  const { subject } = await findDelivery(system, caller, { tenantId, traceId, moduleId });
  requireProducer(await system.tenants.get(tenantId), caller, { producer, kind: producerKindOf[kind] });
  const tree = await requireOwnCommit(system, subject, input);
  const bytes = unpack(input.content);
  const { text, summary } = read(kind, bytes);
  const reportDigest = sha256(bytes);
  const { name, data } = statementOf(summary);
  const full: JsonObject = { ...data, commit, tree, reportDigest, producer, kind, by: caller.person };
  const artifact = {
    kind: inSupplyChain.includes(kind) ? ("supply-chain" as const) : ("pipelines" as const),
    name: `evidence/${producer}/${fileNames[kind]}${kind === "signature" ? `${reportDigest.slice(7)}.sig` : ""}`,
  };
  if (kind === "signature") full.file = artifact.name;
  const source = `/ci/${producer}`;
  const id = `${source}#${kind}.${commit}.${reportDigest}`;
  const writer = { agentId: `ci/${producer}`, skillId: "AddEvidence", invocationId: id };
  const { events } = await system.engine.append(subject, [{ id, name, source, data: full }], {
    files: [{ ...artifact, content: text, source, writer }],
  });
  return { subject, event: name, reportDigest, tree, artifact, recorded: events.length > 0, data: full };
}

const inSupplyChain: EvidenceKind[] = ["cyclonedx", "sarif", "signature"];

function unpack(content: string): Uint8Array {
  try {
    return gunzipSync(Buffer.from(content, "base64"), { maxOutputLength: largestReportBytes });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const large = code === "ERR_BUFFER_TOO_LARGE";
    throw refuse(
      "InputInvalid",
      large
        ? `content: it has more than ${largestReportBytes} bytes.`
        : "content: it is not compressed with gzip and written in base64.",
      large
        ? "Hand in a report without the output of the tests."
        : "connectsoft evidence add does so: gzip -c <file> | base64",
    );
  }
}

function read(kind: EvidenceKind, bytes: Uint8Array): { text: string; summary: EvidenceSummary } {
  try {
    const text = decodeText(bytes);
    if (text.includes("\0")) throw new UnreadableReport("it holds a NUL character");
    return { text, summary: readEvidence(kind, text) };
  } catch (error) {
    if (!(error instanceof UnreadableReport)) throw error;
    throw refuse(
      "InputInvalid",
      `The file is no ${kind} report that can be read: ${error.message}.`,
      "Look at what your CI writes, and at --kind.",
    );
  }
}

function statementOf(summary: EvidenceSummary): {
  name: "TestsPassed" | "TestsFailed" | "ScanCompleted" | "SignatureAdded";
  data: JsonObject;
} {
  switch (summary.kind) {
    case "junit": {
      const { numbers, failures } = summary.results;
      const name = numbers.failed > 0 ? "TestsFailed" : "TestsPassed";
      const applicable = numbers.total > 0;
      return {
        name,
        data: {
          tests: { ...numbers },
          applicable,
          failures: failures.map((one) => `${one.name}: ${one.message}`),
        },
      };
    }
    case "sarif":
      return {
        name: "ScanCompleted",
        data: {
          findings: { ...summary.scan.findings },
          tools: summary.scan.tools,
          first: summary.scan.first.map((one) => ({ ...one })),
          advisories: summary.scan.advisories.map((one) => ({ ...one })),
        },
      };
    case "signature":
      return { name: "SignatureAdded", data: {} };
    case "cyclonedx": {
      const { vulnerabilities, ...sbom } = summary.sbom;
      return {
        name: "ScanCompleted",
        data: {
          sbom,
          ...(vulnerabilities === undefined
            ? { vulnerabilities: "NotScanned" }
            : { findings: { ...vulnerabilities } }),
        },
      };
    }
    default:
      return {
        name: "ScanCompleted",
        data: { coverage: coverageData(summary.coverage) },
      };
  }
}

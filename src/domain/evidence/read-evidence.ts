/** A report from outside by its kind: what it says in numbers, and which event that makes of it. */

import { isSignature } from "../supply-chain/outside-signature.ts";
import { type Coverage, readCoverage } from "./coverage.ts";
import { readCyclonedx, type SbomSummary } from "./cyclonedx.ts";
import { readJunit, type TestResults } from "./junit.ts";
import { readSarif, type ScanResults } from "./sarif.ts";
import { UnreadableReport } from "./unreadable-report.ts";

export const evidenceKinds = [
  "junit",
  "cobertura",
  "lcov",
  "jacoco",
  "sarif",
  "cyclonedx",
  "signature",
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export type EvidenceSummary =
  | { kind: "junit"; results: TestResults }
  | { kind: "cobertura" | "lcov" | "jacoco"; coverage: Coverage }
  | { kind: "sarif"; scan: ScanResults }
  | { kind: "cyclonedx"; sbom: SbomSummary }
  | { kind: "signature" };

/** The words of `evidence.producers` in tenant.yaml, which say what a producer may state. */
export const producerKindOf = {
  junit: "tests",
  cobertura: "coverage",
  lcov: "coverage",
  jacoco: "coverage",
  sarif: "scan",
  cyclonedx: "sbom",
  signature: "signature",
} as const satisfies Record<EvidenceKind, "tests" | "coverage" | "scan" | "sbom" | "signature">;

/** Throws an UnreadableReport where the text is not of its kind. */
export function readEvidence(kind: EvidenceKind, text: string): EvidenceSummary {
  switch (kind) {
    case "junit":
      return { kind, results: readJunit(text) };
    case "cobertura":
    case "lcov":
    case "jacoco":
      return { kind, coverage: readCoverage(kind, text) };
    case "sarif":
      return { kind, scan: readSarif(text) };
    case "cyclonedx":
      return { kind, sbom: readCyclonedx(text) };
    case "signature":
      if (isSignature(text)) return { kind };
      throw new UnreadableReport(
        "expected a sigstore bundle, a DSSE envelope, a signature of an image as cosign has it, or one by ssh-keygen",
      );
  }
}

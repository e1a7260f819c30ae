/** What was measured of a release, as gates look at it: of listed producers alone, for exactly its commit and tree. */
import type { Severity, SeverityCounts } from "../evidence/findings.ts";
import type { Knowledge } from "../vulnerability/finding.ts";

interface Stated {
  producer: string;
  eventId: string;
}

export interface CoverageStatement extends Stated {
  /** Percent of the lines, 0 to 100. */
  lines: number;
  branches?: number;
}

export interface SmokeStatement extends Stated {
  passed: boolean;
  summary: string;
}

export interface ScanStatement extends Stated {
  counts: SeverityCounts;
  /** Those of the counted that it names. */
  named: { id: string; package: string; severity: Severity }[];
}

/** A SecurityReviewer's word that named advisories do not keep a release. */
export interface CveOverride {
  /** As they were named: CVE ids, or other ids of advisories. */
  cves: string[];
  by: string;
  reason: string;
  /** ISO 8601. */
  at: string;
  expiresAt: string;
}

export interface CheckEvidence {
  /** The newest of each producer. */
  coverage: CoverageStatement[];
  smoke: SmokeStatement[];
  scans: ScanStatement[];
  /** What is known now against the packages of the SBOM; undefined where nobody is asked. */
  known?: Knowledge;
  /** Of this release, the newest first; those that have run out too. */
  overrides: CveOverride[];
}

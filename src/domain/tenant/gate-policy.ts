/**
 * What gates ask of a release in one environment: part of that environment's policy. Everything is optional, and
 * what is absent is not asked.
 */
import { z } from "zod";
import { duration } from "./role.ts";

/** Of findings, from the mildest to the worst (CVSS ratings). */
export const severitySchema = z.enum(["low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof severitySchema>;

const percent = z.number().min(0).max(100);
const count = z.int().min(0);

/** At least so many percent of the module's code run by its tests. */
const coveragePolicySchema = z.object({ lines: percent.optional(), branches: percent.optional() }).strict();

/** Both bounds hold where both are given. A bound without a scan is not met: `scan` asks for one. */
export const scanPolicySchema = z
  .object({
    /** The worst severity that is let through; `none` lets no finding through. */
    maxSeverity: z.enum(["none", ...severitySchema.options]).optional(),
    /** So many findings of a severity and no more. */
    maxFindings: z
      .object({
        low: count.optional(),
        medium: count.optional(),
        high: count.optional(),
        critical: count.optional(),
      })
      .strict()
      .optional(),
    /**
     * From this severity on a release is rejected; what is milder, and beyond a bound, waits for a SecurityReviewer's
     * override. Absent: critical.
     */
    rejects: severitySchema.optional(),
    /** Known vulnerabilities that are older than this hold the release until newer data are there. */
    maxDataAge: duration.optional(),
    /** Letters of the reason of an override, at least. Absent: 20. */
    overrideReason: z.int().min(1).max(2_000).optional(),
    /** An override counts for so long at most. Absent: 90d. */
    longestOverride: duration.optional(),
    /** What becomes of a release that is live when something is known against it that would keep it. Absent: report. */
    later: z.enum(["report", "revoke"]).optional(),
  })
  .strict();
export type ScanPolicy = z.infer<typeof scanPolicySchema>;

/** A licence identifier of SPDX, with `+` or ` WITH <exception>` where it has one: `Apache-2.0`. */
const licence = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.-]*\+?( WITH [A-Za-z0-9][A-Za-z0-9.-]*)?$/,
    "expected an SPDX licence identifier such as Apache-2.0",
  );

/** Licences of the packages that the SBOM lists. `deny` wins over `allow`. */
export const licencePolicySchema = z
  .object({
    /** Where given, a package needs a way through its SPDX expression that uses these alone. */
    allow: z.array(licence).optional(),
    deny: z.array(licence).optional(),
    /** A package that states no licence. Absent: denied where there is an `allow` list, and let through otherwise. */
    undeclared: z.enum(["allow", "deny"]).optional(),
  })
  .strict();
export type LicencePolicy = z.infer<typeof licencePolicySchema>;

/** Spread into the policy of an environment. */
export const gatePolicyKeys = {
  coverage: coveragePolicySchema.optional(),
  scan: scanPolicySchema.optional(),
  licences: licencePolicySchema.optional(),
  requireSmokeTests: z.boolean().optional(),
  /** A scan for vulnerabilities of exactly this tree, whatever it found. */
  requireScan: z.boolean().optional(),
  requireSbom: z.boolean().optional(),
  requireSignedSbom: z.boolean().optional(),
  requireProvenance: z.boolean().optional(),
  /** Who may have built the artifact, by the builder's id in its provenance. Absent: whoever the tenant's key vouches for. */
  builders: z.array(z.string().min(1).max(500)).min(1).optional(),
  /** Whose signatures of artifact, image, SBOM and provenance count: ids of evidence.signers, and `own`. Absent: all of them. */
  signers: z.array(z.string().min(1).max(100)).min(1).optional(),
  /** Of whoever is listed for it, for so long from the proposal on; then what is not there rejects. Absent: at once. */
  waitForEvidence: duration.optional(),
  requireSignedCommits: z.boolean().optional(),
  requireSignedArtifacts: z.boolean().optional(),
  requireSignedImages: z.boolean().optional(),
  requireSignedPipelines: z.boolean().optional(),
  /** Infrastructure plans carry the signature of the one who made them. */
  requireSignedPlans: z.boolean().optional(),
  /** RollbackMap.yaml says what this release would go back to, and that it may. */
  requireRollbackPlan: z.boolean().optional(),
  /** Absent: freezes that are declared hold. */
  enforceChangeFreeze: z.boolean().optional(),
};

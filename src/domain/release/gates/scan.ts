import { parseDuration } from "../../flow/duration.ts";
import { countText, momentText } from "../../time-text.ts";
import type { CheckEvidence, CveOverride } from "../check-evidence.ts";
import { type Evidence, failed, type Gate, type GateAnswer, lacking } from "../gate.ts";
import { gatherFindings, type WeighedFinding, weighFindings, wordsOf } from "../weigh-findings.ts";
import { isNamedWhole, nameFirst, withFindings } from "./name-first.ts";

/**
 * What scanners found in exactly this tree, and what is known today against its packages, is within the bounds. What a
 * SecurityReviewer overrode passes; what nobody may override rejects.
 */
export const scanGate: Gate<Pick<Evidence, "policy" | "checks" | "module" | "now" | "releaseId">> = {
  name: "scan",
  answer({ policy, checks, module, now, releaseId = "<release>" }) {
    const { scan, requireScan, environment } = policy;
    const bounded = scan?.maxSeverity !== undefined || scan?.maxFindings !== undefined;
    if (!bounded && !requireScan)
      return { status: "NotApplicable", evidence: `${environment} asks for no scan` };
    const { known, scans } = checks;
    if (known?.status === "Unknown")
      return failed(
        "VulnerabilityDataOld",
        `What is known against the packages of ${module.id} cannot be looked up: ${known.source}: ${known.reason}.`,
        "Mend the source (vulnerabilities in tenant.yaml, or the server's setting), then: connectsoft deploy",
      );
    const old = tooOld(checks, { longest: scan?.maxDataAge, now });
    if (old !== undefined) return old;
    if (known === undefined && scans.length === 0)
      return lacking(
        "scan",
        failed(
          "ScanFailed",
          `Nobody has scanned this tree of ${module.id} for vulnerabilities, and ${environment} asks for a scan.`,
          "Name a source of advisories (vulnerabilities in tenant.yaml), or hand a report in: connectsoft evidence add",
        ),
      );
    const { rejecting, warning, overridden } = weighFindings(gatherFindings(checks, now), scan ?? {});
    const source = sourcesOf(checks);
    if (rejecting.length > 0) {
      const found = rejecting.map(wordsOf);
      return withFindings(
        found,
        failed(
          "ScanFailed",
          `${module.id} is not let into ${environment}: ${nameFirst(found)} (${source}).`,
          "Take a version in which it is mended, and hand the module over again.",
        ),
      );
    }
    if (warning.length > 0) {
      const found = warning.map(wordsOf);
      return withFindings(
        found,
        failed(
          "ScanWarning",
          `${module.id} waits for a SecurityReviewer: ${nameFirst(found)} (${source}).`,
          wayPast(warning, releaseId),
        ),
      );
    }
    const by = overridden.map((one) => `${wordsOf(one)}: ${overrideWords(one.override)}`);
    return { status: "Passed", evidence: [source, ...by].join("; ") };
  },
};

function tooOld(
  { known }: CheckEvidence,
  { longest, now }: { longest: string | undefined; now: string },
): GateAnswer | undefined {
  if (longest === undefined || known?.status !== "Known") return undefined;
  const ageMs = Date.parse(now) - Date.parse(known.asOf);
  if (ageMs <= (parseDuration(longest) ?? 0)) return undefined;
  return failed(
    "VulnerabilityDataOld",
    `What is known of vulnerabilities is of ${momentText(known.asOf)} (${known.source}), and policy takes nothing older than ${longest}.`,
    "Bring newer data, then: connectsoft deploy",
  );
}

/** Who looked, and how new what they know is. */
function sourcesOf({ known, scans }: CheckEvidence): string {
  const advisories =
    known?.status === "Known"
      ? [`${countText(known.packages, "package")} by ${known.source} of ${momentText(known.asOf)}`]
      : [];
  return [...advisories, ...scans.map(({ producer, eventId }) => `${producer}, ${eventId}`)].join("; ");
}

/** A command that named some of them would let none pass. */
function wayPast(findings: WeighedFinding[], releaseId: string): string {
  const names = findings.map(({ id, names: all }) => all.find((name) => name.startsWith("CVE-")) ?? id);
  const distinct = [...new Set(names)];
  const command = `studio override-cve ${releaseId}`;
  return isNamedWhole(distinct)
    ? `Mend it, or override it with a reason: ${command} --cve ${distinct.join(" --cve ")} --reason "..."`
    : `Mend it, or see all ${distinct.length} and override them with a reason: ${command}`;
}

function overrideWords(override: CveOverride | undefined): string {
  if (override === undefined) return "";
  return `overridden by ${override.by} until ${momentText(override.expiresAt)}: ${override.reason}`;
}

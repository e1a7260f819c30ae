/** What scans and advisories say together, against the bounds of a policy, with what a person has overridden. */
import type { Severity } from "../evidence/findings.ts";
import type { ScanPolicy, Severity as StatedSeverity } from "../tenant/gate-policy.ts";
import { namesOf } from "../vulnerability/finding.ts";
import type { CheckEvidence, CveOverride } from "./check-evidence.ts";

export interface WeighedFinding {
  id: string;
  names: string[];
  package: string;
  severity: Severity;
  /** What mends it, where that is known. */
  fixedIn?: string;
  /** What a scanner counted and did not name cannot be overridden. */
  named: boolean;
  override?: CveOverride;
}

const order = ["low", "medium", "high", "critical"] as const;

/** Where nobody says how bad it is, it counts as high. */
export function rankOf(severity: Severity): number {
  return order.indexOf(severity === "unknown" ? "high" : severity);
}

/** Of several sources that name the same, the worst word counts, once. */
export function gatherFindings({ scans, known, overrides }: CheckEvidence, now: string): WeighedFinding[] {
  const found: WeighedFinding[] = [];
  const advisories = known?.status === "Known" ? known.findings : [];
  for (const { id, aliases, package: of, severity, fixedIn } of advisories)
    add(found, {
      ...{ id, names: namesOf({ id, aliases }), package: of, severity, named: true },
      ...(fixedIn !== undefined && { fixedIn }),
    });
  for (const { producer, counts, named } of scans) {
    const rest = { ...counts };
    for (const one of named) {
      if (rest[one.severity] > 0) rest[one.severity] -= 1;
      add(found, { ...one, names: [one.id], named: true });
    }
    for (const [severity, count] of Object.entries(rest) as [Severity, number][])
      for (let nth = 0; nth < count; nth += 1)
        found.push({ id: `a finding of ${producer}`, names: [], package: "", severity, named: false });
  }
  const standing = overrides.filter(({ expiresAt }) => expiresAt > now);
  return found.map((one) => {
    const override = standing.find(({ cves }) => one.names.some((name) => cves.includes(name)));
    return override === undefined ? one : { ...one, override };
  });
}

function add(found: WeighedFinding[], one: WeighedFinding): void {
  const known = found.find(
    (other) => other.package === one.package && other.names.some((name) => one.names.includes(name)),
  );
  if (known === undefined) {
    found.push(one);
    return;
  }
  known.names = [...new Set([...known.names, ...one.names])];
  if (rankOf(one.severity) > rankOf(known.severity)) known.severity = one.severity;
}

export interface Weighed {
  /** Beyond a bound, and nobody can or did override them. */
  rejecting: WeighedFinding[];
  /** Beyond a bound, and an override would let them pass. */
  warning: WeighedFinding[];
  overridden: WeighedFinding[];
}

export function weighFindings(findings: WeighedFinding[], policy: ScanPolicy): Weighed {
  const rejectsFrom = rankOf(policy.rejects ?? "critical");
  const rejects = ({ severity, named }: WeighedFinding) => !named || rankOf(severity) >= rejectsFrom;
  const counted = findings.filter((one) => one.override === undefined || rejects(one));
  const beyond = [...new Set([...tooSevere(counted, policy), ...tooMany(counted, policy)])];
  return {
    rejecting: beyond.filter(rejects),
    warning: beyond.filter((one) => !rejects(one)),
    overridden: findings.filter((one) => !counted.includes(one)),
  };
}

function tooSevere(findings: WeighedFinding[], { maxSeverity }: ScanPolicy): WeighedFinding[] {
  if (maxSeverity === undefined) return [];
  const most = maxSeverity === "none" ? -1 : rankOf(maxSeverity);
  return findings.filter(({ severity }) => rankOf(severity) > most);
}

/** All of a severity of which there are too many: which of them are the ones too many nobody can say. */
function tooMany(findings: WeighedFinding[], { maxFindings = {} }: ScanPolicy): WeighedFinding[] {
  return (Object.entries(maxFindings) as [StatedSeverity, number][]).flatMap(([severity, most]) => {
    const these = findings.filter((one) => rankOf(one.severity) === rankOf(severity));
    return these.length > most ? these : [];
  });
}

export function wordsOf({ id, names, package: of, severity, fixedIn }: WeighedFinding): string {
  const cve = names.find((name) => name !== id && name.startsWith("CVE-"));
  const name = cve === undefined ? id : `${cve} (${id})`;
  const where = of === "" ? "" : ` in ${of}`;
  return `${name}, ${severity}${where}${fixedIn === undefined ? "" : `, mended in ${fixedIn}`}`;
}

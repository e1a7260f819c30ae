/** What makes a release more or less of a risk: facts to weigh, and no score. */
import type { Tone } from "../../../domain/delivery/state-words.ts";
import { eventName } from "../../../domain/event/event.ts";
import { overridesOf } from "../../../domain/release/cve-override.ts";
import { hotfixOf } from "../../../domain/release/hotfix.ts";
import { countText, spanBetween } from "../../../domain/time-text.ts";
import type { PendingRelease } from "../../list-pending.ts";
import type { System } from "../../system.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";
import type { ReleaseChanges } from "./release-changes.ts";

export interface RiskFact {
  fact:
    | "self-approval"
    | "irreversible"
    | "cve-overridden"
    | "freeze-overridden"
    | "hotfix"
    | "first-release"
    | "failure-rate"
    | "migrations"
    | "size"
    | "settings"
    | "components"
    | "since-last"
    | "compliance";
  tone: Tone;
  /** One sentence. */
  says: string;
}

const latelyMs = 30 * 24 * 60 * 60 * 1_000;
const toneRank: Tone[] = ["danger", "warning", "attention", "progress", "neutral", "success"];

export async function riskFacts(
  system: System,
  release: ReleaseAtHand,
  { changes, pending }: { changes: ReleaseChanges; pending: PendingRelease | null },
): Promise<RiskFact[]> {
  const { record, environment } = release;
  const { tenantId, moduleId } = record.subject;
  const history = await system.ledger.history({ tenantId, environment, moduleId });
  const now = system.clock.now();
  const lately = history.filter(({ at }) => now.getTime() - Date.parse(at) < latelyMs);
  const facts: (RiskFact | undefined)[] = [
    ...(pending?.policy.selfApproval === true
      ? [fact("self-approval", "warning", "One person hands over and approves: nobody else looks at it.")]
      : []),
    ...irreversibleOf(release).map((what) => fact("irreversible", "danger", what)),
    ...overrideFacts(release),
    hotfixFact(release),
    changes.against === null
      ? fact(
          "first-release",
          "warning",
          `It is the first release of ${moduleId} in ${environment}: nothing to go back to.`,
        )
      : fact("since-last", "neutral", sinceLast(release, changes.against, now)),
    failureFact(lately.map(({ outcome }) => outcome)),
    migrationFact(release),
    sizeFact(changes),
    settingsFact(changes),
    componentsFact(changes),
    pending?.policy.compliance === true || record.handOver?.complianceMode === true
      ? fact("compliance", "neutral", "It is under compliance mode: evidence is sealed.")
      : undefined,
  ];
  return facts
    .filter((one) => one !== undefined)
    .sort((a, b) => toneRank.indexOf(a.tone) - toneRank.indexOf(b.tone));
}

/** Of what serves there, or served there before it. */
function sinceLast(
  { events, releaseId }: ReleaseAtHand,
  { version, since }: { version: string; since: string },
  now: Date,
): string {
  const deployed = events.findLast(
    (event) => eventName(event) === "DeploymentCompleted" && event.releaseid === releaseId,
  );
  return deployed === undefined
    ? `${version} serves there for ${spanBetween(since, now.toISOString())}.`
    : `It took the place of ${version}, which had served there for ${spanBetween(since, deployed.time)}.`;
}

function fact(name: RiskFact["fact"], tone: Tone, says: string): RiskFact {
  return { fact: name, tone, says };
}

function irreversibleOf({ events, releaseId }: ReleaseAtHand): string[] {
  const asked = events.findLast(
    (event) => eventName(event) === "ApprovalRequested" && event.data.releaseId === releaseId,
  );
  return Array.isArray(asked?.data.irreversible) ? asked.data.irreversible.map(String) : [];
}

function overrideFacts({ events, releaseId, version }: ReleaseAtHand): RiskFact[] {
  const named = (name: string) => events.filter((event) => eventName(event) === name);
  const cves = overridesOf(named("CveOverridden"), { releaseId, version });
  const frozen = named("FreezeOverridden").filter(({ data }) => data.releaseId === releaseId);
  return [
    ...cves.map(({ cves: names, by, reason }) =>
      fact("cve-overridden", "danger", `${by} let pass ${names.join(", ")}: ${reason}`),
    ),
    ...frozen.map(({ data }) =>
      fact(
        "freeze-overridden",
        "warning",
        `${data.by} and ${data.confirmedBy} let it pass a freeze: ${data.reason}`,
      ),
    ),
  ];
}

function hotfixFact({ events, releaseId, environment }: ReleaseAtHand): RiskFact | undefined {
  const hotfix = hotfixOf(
    events.map((event) => ({ ...event, name: eventName(event) })),
    { releaseId, environment },
  );
  if (hotfix === undefined) return undefined;
  return fact("hotfix", "warning", `${hotfix.by} put it on the hotfix path: ${hotfix.comment}`);
}

function failureFact(outcomes: string[]): RiskFact | undefined {
  const tried = outcomes.filter((outcome) => outcome === "Deployed" || outcome === "Failed").length;
  const failed = outcomes.filter((outcome) => outcome === "Failed" || outcome === "RolledBack").length;
  if (tried === 0) return undefined;
  const says = `${failed} of ${countText(tried, "deployment")} there failed or went back in the last 30 days.`;
  return fact("failure-rate", failed === 0 ? "success" : "warning", says);
}

function migrationFact({ record }: ReleaseAtHand): RiskFact | undefined {
  if (record.handOver?.module.migrate === undefined) return undefined;
  return fact("migrations", "warning", "It runs a migration before it takes traffic.");
}

const largeLines = 1_000;

function sizeFact({ code }: ReleaseChanges): RiskFact | undefined {
  if (code === null) return fact("size", "warning", "What changes of the code cannot be told here.");
  const lines = code.insertions + code.deletions;
  const says = `${countText(code.files.length, "file")} changed, ${code.insertions} lines added and ${code.deletions} removed.`;
  return fact("size", lines > largeLines ? "warning" : "neutral", says);
}

function settingsFact({ configuration, secrets }: ReleaseChanges): RiskFact | undefined {
  const count = [configuration, secrets]
    .flatMap(({ added, removed, changed }) => [added, removed, changed])
    .reduce((sum, names) => sum + names.length, 0);
  if (count === 0) return undefined;
  return fact(
    "settings",
    "neutral",
    `${countText(count, "setting")} ${count === 1 ? "differs" : "differ"} from what serves.`,
  );
}

function componentsFact({ sbom }: ReleaseChanges): RiskFact | undefined {
  if (sbom === null) return undefined;
  const { added, removed, updated, licences } = sbom;
  if (added.length + removed.length + updated.length === 0) return undefined;
  const fresh = licences.added.length === 0 ? "" : ` New licences: ${licences.added.join(", ")}.`;
  const says = `${countText(added.length, "component")} added, ${updated.length} updated and ${removed.length} removed.${fresh}`;
  return fact("components", fresh === "" ? "neutral" : "warning", says);
}

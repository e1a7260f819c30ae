/** What a module's releases wrote where they run, without the values of their secrets. */
import { z } from "zod";
import { wantsOf } from "../domain/environment/wants-of.ts";
import { redactValues } from "../domain/redact-values.ts";
import { refuse } from "../domain/refusal.ts";
import { releaseNumber, slug } from "../domain/scope.ts";
import type { LedgerEntry, Place, RecordedSpec } from "../ports/release-ledger.ts";
import type { LogLine, RunningRelease } from "../ports/target.ts";
import type { Caller, System } from "./system.ts";

export type { LogLine };

const mostLines = 10_000;

export const readLogsInput = z.object({
  environment: slug,
  moduleId: slug,
  /** Absent: every release with traffic, or those that start where none has any. */
  releaseId: releaseNumber.optional(),
  /** Lines of each instance. */
  tail: z.coerce.number().int().min(0).max(mostLines).default(100),
});
export type ReadLogsInput = z.output<typeof readLogsInput>;

/** Oldest first, instance by instance. Refuses with NotFound where there is nothing to be read, and says what there is. */
export async function readLogs(system: System, caller: Caller, input: ReadLogsInput): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const open = await openLogs(system, caller, input);
  for await (const line of open({ follow: false, signal: new AbortController().signal })) lines.push(line);
  return lines;
}

export type OpenLogs = (how: { follow: boolean; signal: AbortSignal }) => AsyncIterable<LogLine>;

/** Refuses what cannot be read before anything is read: for an answer that is streamed. */
export async function openLogs(system: System, caller: Caller, input: ReadLogsInput): Promise<OpenLogs> {
  const { environment, moduleId, tail } = input;
  const place = { tenantId: caller.tenantId, environment, moduleId };
  const { spec, releaseId } = await findReleases(system, place, input.releaseId);
  const target = system.targets[spec.target ?? "process"];
  const at = { namespace: spec.namespace, moduleId, ...(releaseId !== undefined && { releaseId }) };
  const redactionOf = redactions(system, place);
  return async function* read({ follow, signal }) {
    for await (const line of target.logs(at, { tail, follow }, signal)) {
      const redact = await redactionOf(line.releaseId);
      yield { ...line, line: redact(line.line) };
    }
  };
}

/** The release to be read; without its id all that have traffic are. */
async function findReleases(
  system: System,
  place: Place,
  releaseId: string | undefined,
): Promise<{ spec: RecordedSpec; releaseId?: string }> {
  const { moduleId, environment } = place;
  const history = await system.ledger.history(place);
  if (releaseId !== undefined) {
    const spec = await system.ledger.dispatched(place, { releaseId });
    const found = spec ?? history.findLast((entry) => entry.releaseId === releaseId)?.spec;
    if (found !== undefined) return { spec: found, releaseId };
    const known = [...new Set(history.map((entry) => entry.releaseId))].slice(-5);
    throw refuse(
      "NotFound",
      `${moduleId} has no release ${releaseId} in ${environment}${known.length === 0 ? "" : `; its newest are ${known.join(", ")}`}.`,
      `See what runs: connectsoft logs ${moduleId} --env ${environment}`,
    );
  }
  const last = history.at(-1);
  if (last === undefined) {
    wantsOf(await system.tenants.get(place.tenantId), environment);
    throw refuse(
      "NotFound",
      `${moduleId} was never deployed to ${environment}.`,
      "See what there is: connectsoft status",
    );
  }
  const { spec } = (await system.ledger.current(place)) ?? last;
  const releases = await system.targets[spec.target ?? "process"].list({
    namespace: spec.namespace,
    moduleId,
  });
  if (releases.some(({ traffic }) => traffic)) return { spec };
  const starting = releases.find(({ state }) => state === "starting" || state === "ready");
  if (starting !== undefined) return { spec, releaseId: starting.releaseId };
  throw nothingRuns(place, last, releases);
}

function nothingRuns({ moduleId, environment }: Place, last: LedgerEntry, releases: RunningRelease[]): Error {
  const { releaseId, version, outcome, at } = last;
  const kept = releases.some((release) => release.releaseId === releaseId);
  return refuse(
    "NotFound",
    `${moduleId} does not run in ${environment}; its last release ${releaseId} (${version}) ended as ${outcome} at ${at}.`,
    kept
      ? `Read what that wrote: connectsoft logs ${moduleId} --env ${environment} --release ${releaseId}`
      : `Deploy it again: connectsoft deliver; what happened: connectsoft timeline ${last.traceId}`,
  );
}

/** By release, with the values of exactly the secret versions that it was given. */
function redactions(system: System, place: Place): (releaseId: string) => Promise<(text: string) => string> {
  const found = new Map<string, Promise<(text: string) => string>>();
  async function find(releaseId: string): Promise<(text: string) => string> {
    const dispatched = await system.ledger.dispatched(place, { releaseId });
    const recorded = (await system.ledger.history(place)).filter((entry) => entry.releaseId === releaseId);
    const references = [...(dispatched?.secrets ?? []), ...recorded.flatMap(({ spec }) => spec.secrets)];
    const values = await Promise.all(
      references.map((reference) => system.settings.revealSecrets(place, [reference])),
    );
    return redactValues(values.flatMap((revealed) => Object.values(revealed)));
  }
  return (releaseId) => {
    const known = found.get(releaseId) ?? find(releaseId);
    found.set(releaseId, known);
    return known;
  };
}

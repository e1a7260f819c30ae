/** What the next deployment of a delivery would change in an environment, against what serves there. */
import type { z } from "zod";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import { eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { refuse } from "../domain/refusal.ts";
import { withoutReleaseVariables } from "../domain/rollout/release-variables.ts";
import { type Subject, slug, subjectSchema } from "../domain/scope.ts";
import type { LedgerEntry, RecordedSpec } from "../ports/release-ledger.ts";
import type { FileDelta } from "../ports/source-control.ts";
import { findDelivery } from "./find-delivery.ts";
import type { Caller, System } from "./system.ts";

export const diffDeploymentInput = subjectSchema.extend({ environment: slug.optional() });

export interface NamedChanges {
  added: string[];
  removed: string[];
  changed: string[];
}

export interface DeploymentDiff {
  subject: Subject;
  environment: string;
  serving: { version: string; releaseId: string; traceId: string; artifact: string; commit?: string } | null;
  next: { version: string; artifact: string | null; commit: string | null };
  /** Files between the two commits; null where one of them is not known. */
  files: FileDelta[] | null;
  configuration: NamedChanges;
  /** Names only: a secret changed where its version id did. */
  secrets: NamedChanges;
  /** Whether anything at all would change. */
  changes: boolean;
}

export async function diffDeployment(
  system: System,
  caller: Caller,
  input: z.output<typeof diffDeploymentInput>,
): Promise<DeploymentDiff> {
  const { environment: asked, ...subject } = input;
  const record = await findDelivery(system, caller, subject);
  const { handOver } = record;
  const environment = asked ?? environmentAhead(record);
  if (handOver === undefined || !handOver.environments.includes(environment))
    throw refuse(
      "InputInvalid",
      `environment: ${environment} is not on the promotion path of ${subject.traceId}; it has ${handOver?.environments.join(", ") ?? "none"}.`,
      "Name one of these with --env.",
    );
  const place = { tenantId: subject.tenantId, environment, moduleId: subject.moduleId };
  return await diffWith(
    system,
    { subject, handOver, environment },
    { entry: await system.ledger.current(place) },
  );
}

/** `entry`: what serves, or did; `spec`: what a release was dispatched with, in place of the settings of now. */
export async function diffWith(
  system: System,
  { subject, handOver, environment }: { subject: Subject; handOver: HandOver; environment: string },
  { entry, spec }: { entry: LedgerEntry | undefined; spec?: RecordedSpec | undefined },
): Promise<DeploymentDiff> {
  const place = { tenantId: subject.tenantId, environment, moduleId: subject.moduleId };
  const [built, before] = await Promise.all([
    builtBy(system, subject),
    entry === undefined ? undefined : builtBy(system, { ...subject, traceId: entry.traceId }),
  ]);
  const [configuration, secrets] = await Promise.all([
    spec === undefined ? system.settings.listConfig(place) : withoutReleaseVariables(spec.configuration),
    spec === undefined ? system.settings.listSecrets(place) : spec.secrets,
  ]);
  const diff = {
    subject,
    environment,
    serving: entry === undefined ? null : servingOf(entry, before),
    next: {
      version: handOver.module.version,
      artifact: built?.artifact ?? null,
      commit: built?.landed ?? null,
    },
    files: await filesBetween(system, handOver.repository, {
      before: before?.commit,
      after: built?.commit,
      first: entry === undefined,
    }),
    configuration: compare(withoutReleaseVariables(entry?.spec.configuration ?? {}), {
      ...handOver.module.environment,
      ...configuration,
    }),
    secrets: compare(versionsOf(entry?.spec.secrets ?? []), versionsOf(secrets)),
  };
  return { ...diff, changes: hasChanges(diff) };
}

/** The first on the path that the delivery was not deployed to; where there is none, the last. */
function environmentAhead({ handOver, state }: DeliveryRecord): string {
  const path = handOver?.environments ?? [];
  return path.find((environment) => state.instances[environment]?.deployed !== true) ?? path.at(-1) ?? "";
}

interface Built {
  commit: string;
  /** Where it landed on the target branch, which is what people approve; the same tree. */
  landed: string;
  artifact: string;
}

/** The newest artifact of a delivery, or undefined where nothing was built yet. */
async function builtBy(system: System, subject: Subject): Promise<Built | undefined> {
  const names: EventName[] = ["ArtifactBuilt", "PullRequestMerged"];
  const events = (await system.store.events(subject, { names })).map((event) => ({
    name: eventName(event),
    data: event.data,
  }));
  const newest = events.findLast(({ name }) => name === "ArtifactBuilt")?.data;
  if (newest === undefined) return undefined;
  const merged = events.findLast(({ name }) => name === "PullRequestMerged")?.data;
  const landed = merged?.tree === newest.tree ? merged : newest;
  return {
    commit: String(newest.commit),
    landed: String(landed?.commit),
    artifact: String(newest.artifact),
  };
}

function servingOf(entry: LedgerEntry, built: Built | undefined): NonNullable<DeploymentDiff["serving"]> {
  const { version, releaseId, traceId, artifact } = entry;
  return { version, releaseId, traceId, artifact, ...(built !== undefined && { commit: built.landed }) };
}

async function filesBetween(
  { sourceControl }: System,
  repository: string,
  between: { before: string | undefined; after: string | undefined; first: boolean },
): Promise<FileDelta[] | null> {
  const { before, after, first } = between;
  if (after === undefined || (before === undefined && !first)) return null;
  return await sourceControl.diff(repository, before, after);
}

function versionsOf(secrets: readonly { name: string; versionId: string }[]): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, versionId }) => [name, versionId]));
}

function compare(before: Record<string, string>, after: Record<string, string>): NamedChanges {
  const names = (of: Record<string, string>) => Object.keys(of).toSorted();
  return {
    added: names(after).filter((name) => !Object.hasOwn(before, name)),
    removed: names(before).filter((name) => !Object.hasOwn(after, name)),
    changed: names(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name]),
  };
}

function hasChanges({ serving, next, configuration, secrets }: Omit<DeploymentDiff, "changes">): boolean {
  const named = [configuration, secrets].flatMap(({ added, removed, changed }) => [added, removed, changed]);
  return serving?.artifact !== next.artifact || named.some((names) => names.length > 0);
}

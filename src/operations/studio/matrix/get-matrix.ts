/** Environments by modules: what serves where and how it is, what is on its way there, and what may be done about it. */
import { z } from "zod";
import { cardOf } from "../../../domain/delivery/delivery-card.ts";
import { type StateWord, shownState } from "../../../domain/delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../../../domain/event/event.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import { shownHealth } from "../../../domain/rollout/shown-health.ts";
import { type Subject, slug, subjectKey } from "../../../domain/scope.ts";
import type { BoardRow } from "../../../ports/delivery-board.ts";
import type { Hold, LedgerEntry } from "../../../ports/release-ledger.ts";
import type { LiveRelease } from "../../../ports/target.ts";
import { fetchFlows } from "../../find-delivery.ts";
import type { Caller, System } from "../../system.ts";
import { cursorField, writeCursor } from "../page.ts";
import { createCellActions } from "./cell-actions.ts";
import type { CellFacts, MatrixCell, MatrixComing, MatrixServing } from "./matrix-cell.ts";
import { surveyTargets } from "./survey-targets.ts";

export const matrixInput = z.object({
  /** Words that stand in the module's name. */
  q: z.string().max(200).optional(),
  moduleId: slug.optional(),
  environment: slug.optional(),
  cursor: cursorField(z.string()).optional(),
  /** Modules. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export interface Matrix {
  /** In the order of tenant.yaml. */
  environments: string[];
  /** By the module's name. */
  rows: MatrixRow[];
  nextCursor?: string;
}

export interface MatrixRow {
  moduleId: string;
  /** One for each environment, in the same order. */
  cells: MatrixCell[];
}

const unsettled: StateWord[] = [
  "needs-approval",
  "needs-review",
  "failed",
  "rolling-back",
  "frozen",
  "held",
  "waiting",
  "retrying",
  "running",
];
/** Nothing of it is on its way, and a person may have it try again. */
const ended: StateWord[] = ["rolled-back", "rejected", "revoked"];
const mostComing = 3;
const telling: EventName[] = ["ArtifactBuilt", "DeploymentCompleted", "DriftDetected", "DriftCorrected"];

export async function getMatrix(
  system: System,
  caller: Caller,
  { q, moduleId, environment, cursor, limit }: z.output<typeof matrixInput>,
): Promise<Matrix> {
  const { tenantId } = caller;
  const tenant = await system.tenants.get(tenantId);
  const environments = tenant.environments
    .map(({ id }) => id)
    .filter((id) => environment === undefined || id === environment);
  const found =
    moduleId === undefined
      ? await system.board.modules({
          ...{ tenantId, limit: limit + 1, words: q?.split(/\s+/).filter((word) => word !== "") ?? [] },
          ...(cursor !== undefined && { after: cursor }),
        })
      : [moduleId];
  const moduleIds = found.slice(0, limit);
  const places = { tenantId, environments, moduleIds };
  const [serving, holds, coming, live] = await Promise.all([
    system.ledger.serving(places),
    system.ledger.holds(places),
    system.board.newest({ tenantId, moduleIds, states: [...unsettled, ...ended], limit: mostComing }),
    surveyTargets(system),
  ]);
  const subjects = [...coming, ...serving.map(({ current }) => subjectOf(current))];
  const unique = [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()];
  const [rows, chains] = await Promise.all([
    system.board.read(unique),
    system.board.events(serving.map(({ current }) => ({ subject: subjectOf(current), names: telling }))),
  ]);
  await Promise.all(rows.map(({ record }) => fetchFlows(system, record)));
  const known: Known = {
    ...{ serving, holds, live, chains },
    rows: new Map(rows.map((row) => [subjectKey(row.record.subject), row])),
  };
  const comingRows = coming.flatMap((subject) => known.rows.get(subjectKey(subject)) ?? []);
  const actionsOf = await createCellActions(system, caller, { tenant, environments, moduleIds });
  const last = moduleIds.at(-1);
  return {
    environments,
    rows: moduleIds.map((module) => ({
      moduleId: module,
      cells: environments.map((place) => {
        const cell = cellOf({ environment: place, moduleId: module }, known, comingRows);
        const at = cell.atHand === undefined ? undefined : known.rows.get(subjectKey(cell.atHand.subject));
        const own = cell.serving === undefined ? undefined : known.rows.get(subjectKey(cell.serving.subject));
        return {
          ...cell,
          actions: actionsOf({ environment: place, moduleId: module, atHand: at, serving: own, cell }),
        };
      }),
    })),
    ...(found.length > limit && last !== undefined && { nextCursor: writeCursor(last) }),
  };
}

interface Known {
  serving: { current: LedgerEntry; previous?: LedgerEntry }[];
  holds: (Hold & { environment: string; moduleId: string })[];
  live: Map<string, LiveRelease> | undefined;
  rows: Map<string, BoardRow>;
  chains: Map<string, readonly DeliveryEvent[]>;
}

function cellOf(
  place: { environment: string; moduleId: string },
  known: Known,
  comingRows: BoardRow[],
): CellFacts {
  const { environment, moduleId } = place;
  const isHere = (one: { environment: string; moduleId: string }) =>
    one.environment === environment && one.moduleId === moduleId;
  const here = known.serving.find(({ current }) => isHere(current));
  const serving = here === undefined ? undefined : servingOf(here.current, known);
  const proposed = comingRows
    .filter(({ record }) => record.subject.moduleId === moduleId)
    .flatMap((row) => comingHere(row, environment));
  const coming = proposed.filter(({ state }) => unsettled.includes(state.word));
  const { previous } = here ?? {};
  const gone = proposed.find(({ since }) => serving === undefined || since > serving.deployedAt);
  const atHand = coming[0] ?? gone ?? serving;
  return {
    environment,
    ...(serving !== undefined && { serving }),
    ...(previous !== undefined && { previous: { version: previous.version, releaseId: previous.releaseId } }),
    held: known.holds
      .filter(isHere)
      .slice(0, mostComing)
      .map(({ version, releaseId, reason, at }) => ({ version, releaseId, reason, at })),
    coming,
    ...(atHand !== undefined && {
      atHand: {
        subject: atHand.subject,
        ...(atHand.releaseId !== undefined && { releaseId: atHand.releaseId }),
      },
    }),
  };
}

function subjectOf({ tenantId, traceId, moduleId }: LedgerEntry): Subject {
  return { tenantId, traceId, moduleId };
}

function servingOf(entry: LedgerEntry, { live, chains }: Known): MatrixServing {
  const { environment, releaseId, version, moduleId, spec } = entry;
  const subject = subjectOf(entry);
  const events = chains.get(subjectKey(subject)) ?? [];
  const here = events.filter((event) => event.environment === environment);
  const deployed = here.findLast(
    (event) => eventName(event) === "DeploymentCompleted" && event.data.releaseId === releaseId,
  );
  const built = events.findLast((event) => eventName(event) === "ArtifactBuilt");
  const drifted = here.findLast(
    (event) => event.data.releaseId === releaseId && eventName(event) !== "ArtifactBuilt",
  );
  const seen = live?.get(`${spec.namespace}/${moduleId}/${releaseId}`);
  const trouble = seen?.reason ?? seen?.failing[0]?.last;
  const { url, startupTimeMs } = deployed?.data ?? {};
  return {
    ...{ version, releaseId, subject, deployedAt: entry.at },
    ...(built !== undefined && { commit: String(built.data.commit) }),
    ...(typeof url === "string" && { url }),
    health: shownHealth(seen && { ...seen, healthStatus: seen.failing }),
    ...(trouble !== undefined && { trouble }),
    ...(seen?.instances !== undefined && { instances: seen.instances }),
    ...(seen !== undefined && { restartCount: seen.restartCount }),
    ...(typeof startupTimeMs === "number" && { startupTimeMs }),
    ...(drifted !== undefined &&
      eventName(drifted) === "DriftDetected" && { drift: driftOf(drifted.time, drifted.data.differences) }),
  };
}

function driftOf(at: string, differences: unknown): { at: string; differences: string[] } {
  const found = Array.isArray(differences) ? (differences as { words?: unknown; kind?: unknown }[]) : [];
  return { at, differences: found.map(({ words, kind }) => String(words ?? kind ?? "it differs")) };
}

function comingHere({ record }: BoardRow, environment: string): MatrixComing[] {
  const { places, version } = cardOf(record);
  const here = places.find((place) => place.environment === environment);
  if (here === undefined || ![...unsettled, ...ended].includes(here.state)) return [];
  const { state, since, releaseId } = here;
  const { subject } = record;
  return [
    { subject, version, state: shownState(state), since, ...(releaseId !== undefined && { releaseId }) },
  ];
}

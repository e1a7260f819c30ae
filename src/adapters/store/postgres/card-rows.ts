/** Rows of `delivery_cards`: the projection that a board finds deliveries by. */
import { cardOf, type DeliveryCard } from "../../../domain/delivery/delivery-card.ts";
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { WrittenStep } from "./written-step.ts";

export interface CardRow {
  subject: string;
  version: string;
  sponsor: string;
  state: string;
  /** Separated by spaces. */
  places: string;
  search: string;
}

/** None where the step leaves what a board finds the delivery by as it was. */
export function changedCard({ before, after }: WrittenStep): CardRow[] {
  const row = cardRow(after);
  if (before.head.sequence === 0) return [row];
  const former = cardRow(before);
  const same = (Object.keys(row) as (keyof CardRow)[]).every((key) => row[key] === former[key]);
  return same ? [] : [row];
}

export function cardRow(record: DeliveryRecord): CardRow {
  const { version, sponsor, state, places } = cardOf(record);
  const { traceId, moduleId } = record.subject;
  return {
    subject: subjectKey(record.subject),
    ...{ version, sponsor, state },
    places: tokensOf(places).join(" "),
    search: `${traceId} ${moduleId} ${version} ${sponsor}`.toLowerCase(),
  };
}

function tokensOf(places: DeliveryCard["places"]): string[] {
  return places.flatMap(({ environment, state }) => [environment, `${environment}=${state}`]);
}

/** In the order in which statements name them: subject, version, sponsor, state, places, search. */
export function columnsOf(rows: readonly CardRow[]): string[][] {
  return [
    rows.map(({ subject }) => subject),
    rows.map(({ version }) => version),
    rows.map(({ sponsor }) => sponsor),
    rows.map(({ state }) => state),
    rows.map(({ places }) => places),
    rows.map(({ search }) => search),
  ];
}

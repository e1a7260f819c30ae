/** What a board is narrowed by: the same for its pages and for its counts. */
import { z } from "zod";
import { type StateWord, stateWords } from "../../domain/delivery/state-words.ts";
import { slug, traceSlug } from "../../domain/scope.ts";
import type { BoardFilter } from "../../ports/delivery-board.ts";
import type { Caller, System } from "../system.ts";
import { listField } from "./page.ts";
import { findTeam } from "./teams.ts";

const time = z.iso.datetime({ offset: true });

export const boardFilterInput = z.object({
  /** Words that stand in the module, the trace, the version or the sponsor. */
  q: z.string().max(200).optional(),
  /** Separated by commas. */
  state: listField(z.enum(stateWords as [StateWord, ...StateWord[]])).optional(),
  environment: slug.optional(),
  moduleId: slug.optional(),
  traceId: traceSlug.optional(),
  sponsor: z.string().max(200).optional(),
  /** A team of tenant.yaml: its modules, and what its members handed over. */
  team: slug.optional(),
  from: time.optional(),
  to: time.optional(),
});

export async function readFilter(
  system: System,
  caller: Caller,
  { q, state, team: named, ...fields }: z.output<typeof boardFilterInput>,
): Promise<BoardFilter> {
  const team = named === undefined ? undefined : await findTeam(system, caller, named);
  const words = q?.split(/\s+/).filter((word) => word !== "");
  return {
    ...present(fields),
    tenantId: caller.tenantId,
    ...(words !== undefined && { words }),
    ...(state !== undefined && { states: state }),
    ...(team !== undefined && { team }),
  };
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

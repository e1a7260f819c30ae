/** What is known of the board: pages in the order of the list, of which only those in sight are read again. */
import type { components } from "../../../../client/src/schema.d.ts";

type Answer = components["schemas"]["DeliveryPage"];
export type BoardItem = Answer["items"][number];

export interface BoardPage {
  /** Where the server begins it; undefined: at the newest. */
  cursor: string | undefined;
  items: readonly BoardItem[];
  /** The round of reading that it is of; an earlier one than the board's: it may have changed. */
  round: number;
}

export interface BoardPages {
  pages: readonly BoardPage[];
  /** Where the first page begins that was not read yet; undefined: there is none. */
  next: string | undefined;
  round: number;
}

export const nothingRead: BoardPages = { pages: [], next: undefined, round: 0 };

/** The pages that hold these rows, and the first, because there is what is new. */
export function pagesInSight({ pages }: BoardPages, sight: { first: number; last: number }): BoardPage[] {
  let end = 0;
  return pages.filter(({ items }, place) => {
    const begin = end;
    end += items.length;
    return place === 0 || (begin <= sight.last && end > sight.first);
  });
}

/**
 * Puts a page that was read in its place. It stands for its whole stretch of the list: what was known inside of it and is
 * not there any more is gone, and what newer ones pushed out of it begins the page after.
 */
export function withPage(
  known: BoardPages,
  { cursor, answer, round }: { cursor: string | undefined; answer: Answer; round: number },
): BoardPages {
  const fresh = { cursor, items: answer.items, round };
  const place = known.pages.findIndex((page) => page.cursor === cursor);
  if (place < 0) {
    const isNext = known.pages.length === 0 || cursor === known.next;
    return isNext ? { round, pages: [...known.pages, fresh], next: answer.nextCursor } : known;
  }
  const before = [...known.pages.slice(0, place), fresh];
  if (answer.nextCursor === undefined) return { round, pages: before, next: undefined };
  const rest = stretchBehind(known.pages.slice(place), answer.items);
  const [following, ...later] = rest;
  if (following === undefined) return { round, pages: before, next: answer.nextCursor };
  const pages = [...before, { ...following, cursor: answer.nextCursor }, ...later];
  return { round, pages, next: known.next };
}

/** Of these pages, whose first is read anew, what comes after its items; what is left of the first goes to the second. */
function stretchBehind([first, ...others]: BoardPage[], items: readonly BoardItem[]): BoardPage[] {
  const there = new Set(items.map(keyOf));
  const last = items.at(-1);
  const behind = (page: BoardPage | undefined) =>
    (page?.items ?? []).filter((one) => last !== undefined && isAfter(one, last) && !there.has(keyOf(one)));
  const pushed = behind(first);
  const rest = others.map((page) => ({ ...page, items: behind(page) }));
  const [next, ...later] = rest.filter((page) => page.items.length > 0);
  if (first === undefined || pushed.length === 0) return next === undefined ? [] : [next, ...later];
  // As old as what was pushed out, so that it is read again.
  return [{ ...first, items: [...pushed, ...(next?.items ?? [])] }, ...later];
}

/** The order of the server: the newest first, then by their names. */
function isAfter(one: BoardItem, other: BoardItem): boolean {
  return one.startedAt === other.startedAt
    ? keyOf(one) < keyOf(other)
    : Date.parse(one.startedAt) < Date.parse(other.startedAt);
}

export function keyOf({ subject }: BoardItem): string {
  return `${subject.tenantId}/${subject.traceId}/${subject.moduleId}`;
}

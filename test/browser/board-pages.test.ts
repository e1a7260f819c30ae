/** The board keeps thousands of rows and reads few again: what is in sight must be what the server has, whatever came meanwhile. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BoardItem,
  type BoardPages,
  keyOf,
  nothingRead,
  pagesInSight,
  withPage,
} from "../../studio/features/deliveries/board/board-pages.ts";

const pageSize = 5;

/** Numbers stand for deliveries: the greater, the newer. */
type Server = { number: number; sequence: number }[];

describe("the pages of the board", () => {
  test("what is read again pushes what came off its end into the page after", () => {
    const server = listOf(12);
    let board = readAll(server);
    board = readAgain(board, [{ number: 13, sequence: 0 }, ...server], { first: 0, last: 3 });
    expect(numbersOf(board)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("what fell out of the filter is gone, and the rest moves up", () => {
    const server = listOf(12);
    const left = server.filter(({ number }) => number !== 11 && number !== 6);
    const board = readAgain(readAll(server), left, { first: 0, last: 11 });
    expect(numbersOf(board)).toEqual([12, 10, 9, 8, 7, 5, 4, 3, 2, 1]);
    expect(board.next).toBeUndefined();
  });

  test("a page that nobody sees is not read", () => {
    const board = readAll(listOf(40));
    expect(pagesInSight(board, { first: 21, last: 27 }).map(({ cursor }) => cursor)).toEqual([
      undefined,
      "21",
      "16",
    ]);
  });

  test("rows in sight follow each other as on the server after any changes, wherever somebody looks", () => {
    fc.assert(
      fc.property(fc.array(change(), { maxLength: 30 }), (changes) => {
        let server = listOf(23);
        let newest = 23;
        let board = readAll(server);
        for (const { add, remove, touch, at } of changes) {
          for (let nth = 0; nth < add; nth += 1) server = [{ number: ++newest, sequence: 0 }, ...server];
          server = server
            .filter((_, place) => place !== remove)
            .map((one, place) => (place === touch ? { ...one, sequence: one.sequence + 1 } : one));
          const sight = { first: at, last: at + 6 };
          board = readAgain(board, server, sight);
          const seen = rowsOf(board).slice(at, at + 7);
          const begin = server.findIndex(({ number }) => number === seen[0]?.number);
          expect(seen).toEqual(server.slice(begin, begin + seen.length));
        }
        expect(numbersOf(board)).toEqual(numbersOf(board).toSorted((a, b) => b - a));
        expect(new Set(numbersOf(board)).size).toBe(numbersOf(board).length);
      }),
    );
  });
});

function change() {
  return fc.record({
    add: fc.nat(12),
    remove: fc.nat(30),
    touch: fc.nat(30),
    at: fc.nat(12),
  });
}

function listOf(count: number): Server {
  return Array.from({ length: count }, (_, nth) => ({ number: count - nth, sequence: 0 }));
}

function readAll(server: Server): BoardPages {
  let board = withPage(nothingRead, { ...ask(server, undefined), round: 1 });
  while (board.next !== undefined) board = withPage(board, { ...ask(server, board.next), round: 1 });
  return board;
}

/** As the screen does it: until nothing in sight is stale. */
function readAgain(before: BoardPages, server: Server, sight: { first: number; last: number }): BoardPages {
  let board = before;
  do {
    const round = board.round + 1;
    const pages = pagesInSight(board, sight).map(({ cursor }) => ask(server, cursor));
    board = pages.reduceRight((known, page) => withPage(known, { ...page, round }), board);
    if (board.next !== undefined && numbersOf(board).length <= sight.last)
      board = withPage(board, { ...ask(server, board.next), round });
  } while (pagesInSight(board, sight).some(({ round }) => round < board.round));
  return board;
}

/** The cursor is the last delivery of the page before. */
function ask(server: Server, cursor: string | undefined) {
  const rest = server.filter(({ number }) => cursor === undefined || number < Number(cursor));
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  return {
    cursor,
    answer: {
      items: page.map(itemOf),
      ...(rest.length > pageSize && last !== undefined && { nextCursor: String(last.number) }),
    },
  };
}

function itemOf({ number, sequence }: Server[number]): BoardItem {
  const subject = {
    tenantId: "local",
    traceId: `trace-${String(number).padStart(4, "0")}`,
    moduleId: "shop",
  };
  // Only what the pages look at: three begin in the same second.
  const startedAt = new Date(Math.floor(number / 3) * 1_000).toISOString();
  return { subject, startedAt, sequence } as BoardItem;
}

function rowsOf({ pages }: BoardPages): Server {
  return pages.flatMap(({ items }) =>
    items.map((item) => ({ number: Number(keyOf(item).split(/[-/]/)[2]), sequence: item.sequence })),
  );
}

function numbersOf(board: BoardPages): number[] {
  return rowsOf(board).map(({ number }) => number);
}

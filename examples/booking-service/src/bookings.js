/**
 * Bookings, kept in an append-only journal (one JSON object a line). The journal's order decides: of two
 * bookings that overlap, the second never counts, in every process that reads it. So an old and a new
 * release may share one data directory while traffic moves from one to the other.
 */
import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

export function openBookings(directory, log = () => {}) {
  mkdirSync(directory, { recursive: true });
  const journal = openSync(join(directory, "bookings.jsonl"), "a+");
  const state = new Map();
  let offset = 0;

  return { list, get, create, cancel, close: () => closeSync(journal) };

  function list(resource) {
    catchUp();
    const all = [...state.values()].filter((booking) => resource === undefined || booking.resource === resource);
    return all.sort((a, b) => a.from.localeCompare(b.from) || a.id.localeCompare(b.id));
  }

  function get(id) {
    catchUp();
    return state.get(id);
  }

  /** `{ booking }`, or `{ conflict }` with the booking that holds the time already. */
  function create(request) {
    catchUp();
    const booking = { id: randomUUID(), ...request };
    const earlier = conflictOf(booking);
    if (earlier !== undefined) return { conflict: earlier };
    append({ type: "booked", booking });
    catchUp();
    return state.has(booking.id) ? { booking } : { conflict: conflictOf(booking) };
  }

  /** Whether there was such a booking. */
  function cancel(id) {
    catchUp();
    if (!state.has(id)) return false;
    append({ type: "cancelled", id });
    return true;
  }

  /** Begins with a line break too, so that a line torn by a crash spoils itself only. */
  function append(entry) {
    writeSync(journal, `\n${JSON.stringify(entry)}\n`);
    fsyncSync(journal);
  }

  function catchUp() {
    const { size } = fstatSync(journal);
    if (size === offset) return;
    const bytes = Buffer.alloc(size - offset);
    const read = readSync(journal, bytes, 0, bytes.length, offset);
    const end = bytes.subarray(0, read).lastIndexOf(10) + 1;
    offset += end;
    for (const line of bytes.toString("utf8", 0, end).split("\n")) if (line !== "") apply(line);
  }

  function apply(line) {
    const entry = parse(line);
    if (entry === undefined) return log("journal-line-skipped", { line: line.slice(0, 80) });
    if (entry.type === "cancelled") state.delete(entry.id);
    else if (conflictOf(entry.booking) === undefined) state.set(entry.booking.id, entry.booking);
  }

  function conflictOf(booking) {
    for (const other of state.values())
      if (other.resource === booking.resource && other.from < booking.to && booking.from < other.to) return other;
    return undefined;
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

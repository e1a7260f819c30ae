import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openBookings } from "../src/bookings.js";
import { parseBooking } from "../src/validate.js";

const directory = mkdtempSync(join(tmpdir(), "bookings-"));
after(() => rmSync(directory, { recursive: true }));

const morning = { resource: "room-1", guest: "Ada", from: "2026-03-01T09:00:00.000Z", to: "2026-03-01T10:00:00.000Z" };
const overlapping = { ...morning, guest: "Bob", from: "2026-03-01T09:30:00.000Z", to: "2026-03-01T11:00:00.000Z" };

test("a resource is booked once for a time, and adjacent times do not collide", () => {
  const bookings = openBookings(join(directory, "once"));
  const { booking } = bookings.create(morning);
  assert.equal(bookings.create(overlapping).conflict.id, booking.id);
  assert.ok(bookings.create({ ...overlapping, from: morning.to }).booking);
  assert.ok(bookings.create({ ...overlapping, resource: "room-2" }).booking);
  assert.equal(bookings.list("room-1").length, 2);
});

test("a cancelled time can be booked again", () => {
  const bookings = openBookings(join(directory, "cancel"));
  const { booking } = bookings.create(morning);
  assert.equal(bookings.cancel(booking.id), true);
  assert.equal(bookings.cancel(booking.id), false);
  assert.ok(bookings.create(overlapping).booking);
});

test("two processes on one journal see each other and agree on who came first", () => {
  const one = openBookings(join(directory, "shared"));
  const two = openBookings(join(directory, "shared"));
  const { booking } = one.create(morning);
  assert.deepEqual(two.get(booking.id), booking);
  assert.equal(two.create(overlapping).conflict.id, booking.id);
});

test("a line torn by a crash is skipped, and what comes after it counts", () => {
  const folder = join(directory, "torn");
  const before = openBookings(folder);
  const first = before.create(morning).booking;
  before.close();
  appendFileSync(join(folder, "bookings.jsonl"), '\n{"type":"booked","booking":{"id"');
  const skipped = [];
  const bookings = openBookings(folder, (event) => skipped.push(event));
  const second = bookings.create({ ...morning, resource: "room-2" }).booking;
  assert.deepEqual(bookings.list().map(({ id }) => id).sort(), [first.id, second.id].sort());
  assert.deepEqual(skipped, ["journal-line-skipped"]);
});

test("times are kept in UTC, whatever zone they came in", () => {
  const { request } = parseBooking({ ...morning, from: "2026-03-01T10:00+01:00" });
  assert.equal(request.from, "2026-03-01T09:00:00.000Z");
});

test("every problem of a booking is named with its field, all at once", () => {
  const { problems } = parseBooking({ resource: "../etc", from: "tomorrow", to: "2026-03-01T10:00:00Z", vip: true });
  assert.deepEqual(problems.map(({ field }) => field), ["from", "resource", "guest", "vip"]);
});

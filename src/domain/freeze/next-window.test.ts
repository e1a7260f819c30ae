import { expect, it } from "vitest";
import { freezeSchema } from "./freeze.ts";
import { nextWindow } from "./next-window.ts";

function next(freeze: object, moment: string): string | undefined {
  const found = nextWindow(
    freezeSchema.parse({ id: "a", reason: "because", start: "2027-12-24T18:00", ...freeze }),
    Date.parse(moment),
  );
  return found && new Date(found.from).toISOString().slice(0, 16);
}

it("is the one that holds, else the next, however far it is, and none where all are over", () => {
  const once = { end: "2027-12-27T07:00" };
  expect(next(once, "1999-01-01T00:00Z")).toBe("2027-12-24T18:00");
  expect(next(once, "2027-12-25T00:00Z")).toBe("2027-12-24T18:00");
  expect(next(once, "2027-12-27T07:00Z")).toBeUndefined();
  const yearly = { ...once, rrule: "FREQ=YEARLY;COUNT=3" };
  expect(next(yearly, "1999-01-01T00:00Z")).toBe("2027-12-24T18:00");
  expect(next(yearly, "2028-01-01T00:00Z")).toBe("2028-12-24T18:00");
  expect(next(yearly, "2030-01-01T00:00Z")).toBeUndefined();
  const leap = { start: "2028-02-29T00:00", duration: "1d", rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29" };
  expect(next(leap, "2096-03-01T00:00Z")).toBe("2104-02-29T00:00");
});

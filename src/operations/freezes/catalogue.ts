/** What can be done with freezes. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import { confirmFreezeOverride, confirmFreezeOverrideInput } from "./confirm-freeze-override.ts";
import { frozenReleaseInput, showFrozenRelease } from "./frozen-release.ts";
import { importCalendar, importCalendarInput } from "./import-calendar.ts";
import { liftFreeze, liftFreezeInput } from "./lift-freeze.ts";
import { listFreezes } from "./list-freezes.ts";
import { listFreezeWindows, listFreezeWindowsInput } from "./list-windows.ts";
import { overrideFreeze, overrideFreezeInput } from "./override-freeze.ts";
import { setFreeze, setFreezeInput } from "./set-freeze.ts";

export const freezeOperations: Operation[] = [
  operation({
    name: "listFreezes",
    summary: "Freezes of the tenant: what holds now, what comes next, by the clocks of each one's zone.",
    method: "GET",
    path: "/freezes",
    input: z.object({}),
    action: "view",
    handle: listFreezes,
  }),
  operation({
    name: "listFreezeWindows",
    summary: "Every window of the tenant's freezes between two moments, as a calendar shows them.",
    method: "GET",
    path: "/freezes/windows",
    input: listFreezeWindowsInput,
    action: "view",
    handle: listFreezeWindows,
  }),
  operation({
    name: "setFreeze",
    summary: "Sets a freeze beside those that tenant.yaml declares.",
    method: "POST",
    path: "/freezes",
    input: setFreezeInput,
    action: "freeze",
    handle: setFreeze,
  }),
  operation({
    name: "importCalendar",
    summary: "Sets the events of a calendar (.ics) as freezes.",
    method: "POST",
    path: "/freezes/import",
    input: importCalendarInput,
    action: "freeze",
    handle: importCalendar,
  }),
  operation({
    name: "liftFreeze",
    summary: "Asks for a freeze to be lifted that was set by command; asked by a second person, it is.",
    method: "POST",
    path: "/freezes/:id/lift",
    input: liftFreezeInput,
    action: "policy",
    handle: liftFreeze,
  }),
  operation({
    name: "showFrozenRelease",
    summary: "What freezes hold a release, until when, and exactly what an override of it would bind.",
    method: "GET",
    path: "/releases/:releaseId/freeze",
    input: frozenReleaseInput,
    action: "view",
    handle: showFrozenRelease,
  }),
  // Who may not is recorded before they are refused, so the use case asks.
  operation({
    name: "overrideFreeze",
    summary: "Asks to let one release pass the freezes that hold it; a ReleaseManager confirms.",
    method: "POST",
    path: "/releases/:releaseId/override-freeze",
    input: overrideFreezeInput,
    action: "view",
    handle: overrideFreeze,
  }),
  operation({
    name: "confirmFreezeOverride",
    summary: "Confirms, as a second person, that a release may pass the freezes that hold it.",
    method: "POST",
    path: "/releases/:releaseId/override-freeze/confirm",
    input: confirmFreezeOverrideInput,
    action: "view",
    handle: confirmFreezeOverride,
  }),
];

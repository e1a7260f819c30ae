/** What can be done about whose delivery it is. */
import { type Operation, operation } from "../operation.ts";
import { takeOver, takeOverInput } from "./take-over.ts";

export const sponsorOperations: Operation[] = [
  operation({
    name: "takeOver",
    summary: "Takes a delivery over: it runs on the caller's authority from here on.",
    method: "POST",
    path: "/deliveries/:tenantId/:traceId/:moduleId/take-over",
    input: takeOverInput,
    action: "hand-over",
    handle: takeOver,
  }),
];

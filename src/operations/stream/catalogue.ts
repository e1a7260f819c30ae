/** What can be asked of all deliveries of a tenant as they go on. */
import { type Operation, operation } from "../operation.ts";
import { readStream, readStreamInput } from "./read-stream.ts";

export const streamOperations: Operation[] = [
  operation({
    name: "readStream",
    summary:
      "What happens in all deliveries, in the order of commits. With Accept: text/event-stream it is followed live.",
    method: "GET",
    path: "/stream",
    input: readStreamInput,
    action: "view",
    handle: readStream,
  }),
];

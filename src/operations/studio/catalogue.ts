/** What Studio's screens show: read models, each one answer for one screen. */
import { type Operation, operation } from "../operation.ts";
import { searchDeliveries, searchDeliveriesInput } from "./search-deliveries.ts";

export const studioOperations: Operation[] = [
  operation({
    name: "searchDeliveries",
    summary:
      "The board: deliveries by what people look for, a page at a time, and how many are in each state.",
    method: "GET",
    path: "/deliveries/search",
    input: searchDeliveriesInput,
    action: "view",
    handle: searchDeliveries,
  }),
];

import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import { showExample } from "./show-example.ts";

export const exampleOperations: Operation[] = [
  operation({
    name: "showExample",
    summary: "A module that comes with the program, for a first delivery, and the command for one's own.",
    method: "GET",
    path: "/example",
    input: z.object({}),
    action: "view",
    handle: showExample,
  }),
];

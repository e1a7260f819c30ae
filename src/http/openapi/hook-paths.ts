/** The address that programs outside call with a hook's secret, and no token. */
import { hookKinds } from "../../domain/hook/hook.ts";
import { hookStates } from "../receive-hook.ts";
import { problemReferences } from "./problems.ts";

const answer = {
  type: "object",
  properties: {
    id: { type: "string", description: "Of the delivery, as its sender gave it." },
    event: { type: "string" },
    state: { enum: hookStates },
    answer: { type: "string", description: "What came of it." },
  },
  required: ["id", "event", "state", "answer"],
};
const content = { "application/json": { schema: answer } };
const parameters = ["tenantId", "hook"].map((name) => ({
  ...{ name, in: "path", required: true, schema: { type: "string" } },
}));

export function hookPaths(): Record<string, Record<string, object>> {
  return {
    "/hooks/{tenantId}/{hook}": {
      post: {
        operationId: "callHook",
        summary: `What a forge or another program calls, signed as its kind says: ${hookKinds.join(", ")}.`,
        tags: ["Hooks"],
        security: [],
        parameters,
        requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
        responses: {
          ...problemReferences(),
          "200": { description: "Done, ignored, or known already.", content },
          "202": { description: "Taken; it is being done.", content },
          "422": { description: "Taken, and refused to the service account that the hook acts as.", content },
        },
      },
    },
  };
}

/** Signing in and out with a browser: addresses of the server itself, beside those of the catalogue's operations. */
import { z } from "zod";
import type { SignInOffer } from "../../operations/accounts/find-sign-in.ts";
import { beginSessionInput } from "../../operations/sessions/begin-session.ts";
import type { SessionAnswer } from "../session/session-answer.ts";
import type { JsonSchema } from "./json-schema.ts";
import { problemReferences } from "./problems.ts";

/** By the operation's id; scripts/contract reads their answers here. */
export interface SessionAnswers {
  beginSession: SessionAnswer;
  showSession: SessionAnswer;
  endSession: { /** Of the session that is over. */ id: string };
  findSignIn: SignInOffer;
}

/** Not below `/api/v1`, where the others are. */
const servers = [{ url: "/" }];
const tags = ["Accounts"];
const openToAll: object[] = [];
const byCookie = [{ session: [] }];

export function sessionPaths(answers: Record<string, JsonSchema>): Record<string, Record<string, object>> {
  const face = (operationId: keyof SessionAnswers, summary: string, more: object) => ({
    ...{ operationId, summary, servers, tags, ...more },
    responses: {
      "200": {
        description: "Done.",
        content: { "application/json": { schema: answers[operationId] ?? {} } },
      },
      ...problemReferences(),
    },
  });
  return {
    "/session": {
      post: face("beginSession", "Begins a person's session: its cookie comes with the answer.", {
        security: openToAll,
        requestBody: { required: true, content: { "application/json": { schema: proofSchema() } } },
      }),
      get: face("showSession", "Who is signed in with this browser.", { security: byCookie }),
      delete: face("endSession", "Signs out.", { security: byCookie, parameters: [csrfToken] }),
    },
    "/sign-in": {
      get: face("findSignIn", "Where a tenant's people sign in; for people it is Studio's page.", {
        security: openToAll,
        parameters: [
          query("tenant", "Absent: the only one that has a provider.", false),
          { name: "accept", in: "header", required: true, schema: { const: "application/json" } },
        ],
      }),
    },
    "/sign-in/start": {
      get: redirect("startSignIn", "Sends a browser to the tenant's provider.", [
        query("tenant", "Whose provider.", true),
        query("return", "A page of this server, to which the browser comes back; absent: `/`.", false),
      ]),
    },
    "/sign-in/callback": {
      get: redirect("finishSignIn", "Where the provider sends the browser back: begins the session.", [
        query("code", "Of the provider.", true),
        query("state", "As it was begun.", true),
      ]),
    },
  };
}

const csrfToken = {
  name: "x-csrf-token",
  in: "header",
  required: true,
  description: "As `GET /session` says it.",
  schema: { type: "string" },
};

function query(name: string, description: string, required: boolean) {
  return { name, in: "query", required, description, schema: { type: "string" } };
}

/** Pages for people: what is refused is a page as well. */
function redirect(operationId: string, summary: string, parameters: object[]) {
  const page = { content: { "text/html": {} } };
  return {
    ...{ operationId, summary, servers, tags, security: openToAll, parameters },
    responses: {
      "303": { description: "To where it goes on." },
      "401": { description: "Nobody was signed in, and why.", ...page },
      "404": { description: "There is no such tenant with a provider.", ...page },
    },
  };
}

function proofSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(beginSessionInput, { io: "input" });
  return schema as JsonSchema;
}

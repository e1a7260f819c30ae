/** What can be done about sessions, beside beginning and ending one's own in a browser. */
import { type Operation, operation } from "../operation.ts";
import {
  listSessions,
  listSessionsInput,
  makeSignInLink,
  makeSignInLinkInput,
  revokeSession,
  revokeSessionInput,
} from "./manage-sessions.ts";

export const sessionOperations: Operation[] = [
  operation({
    name: "listSessions",
    summary: "Who is signed in with a browser, since when and until when.",
    method: "GET",
    path: "/sessions",
    input: listSessionsInput,
    action: "view",
    handle: listSessions,
  }),
  operation({
    name: "revokeSession",
    summary: "Ends a session in a browser at once.",
    method: "DELETE",
    path: "/sessions/:id",
    input: revokeSessionInput,
    action: "view",
    handle: revokeSession,
  }),
  operation({
    name: "makeSignInLink",
    summary: "A link that signs the caller in with a browser, once and soon.",
    method: "POST",
    path: "/sign-in-links",
    input: makeSignInLinkInput,
    action: "view",
    handle: makeSignInLink,
  }),
];

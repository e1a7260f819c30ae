/** What can be done about who calls: access tokens. */
import { type Operation, operation } from "../operation.ts";
import {
  createToken,
  createTokenInput,
  listTokens,
  listTokensInput,
  revokeToken,
  revokeTokenInput,
} from "./manage-tokens.ts";

export const accountOperations: Operation[] = [
  operation({
    name: "createToken",
    summary: "An access token for a person or a service account of the tenant; shown once.",
    method: "POST",
    path: "/tokens",
    input: createTokenInput,
    action: "view",
    handle: createToken,
  }),
  operation({
    name: "listTokens",
    summary: "Access tokens: whose, what they are good for, until when; never a token itself.",
    method: "GET",
    path: "/tokens",
    input: listTokensInput,
    action: "view",
    handle: listTokens,
  }),
  operation({
    name: "revokeToken",
    summary: "Ends an access token at once.",
    method: "DELETE",
    path: "/tokens/:id",
    input: revokeTokenInput,
    action: "view",
    handle: revokeToken,
  }),
];

/** What can be done with hooks. They are called at an address of their own, by who has their secret. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import {
  createHook,
  createHookInput,
  deleteHook,
  rotateHookInput,
  rotateHookSecret,
  updateHook,
  updateHookInput,
} from "./change-hook.ts";
import { hookInput } from "./find-hook.ts";
import { getHook, listHookReceipts, listHookReceiptsInput, listHooks } from "./show-hook.ts";

export const hookOperations: Operation[] = [
  operation({
    name: "listHooks",
    summary: "Addresses that programs outside call when something happened there, and what each does.",
    method: "GET",
    path: "/hooks",
    input: z.object({}),
    action: "view",
    handle: listHooks,
  }),
  operation({
    name: "createHook",
    summary:
      "Makes an address that hands a module over, or takes events, as a service account; its secret is shown once.",
    method: "POST",
    path: "/hooks",
    input: createHookInput,
    action: "subscribe",
    handle: createHook,
  }),
  operation({
    name: "getHook",
    summary: "One hook: where it is called, and what it does.",
    method: "GET",
    path: "/hooks/:hook",
    input: hookInput,
    action: "view",
    handle: getHook,
  }),
  operation({
    name: "updateHook",
    summary: "Replaces what a hook does, but not its kind and its secret.",
    method: "PUT",
    path: "/hooks/:hook",
    input: updateHookInput,
    action: "subscribe",
    handle: updateHook,
  }),
  operation({
    name: "rotateHookSecret",
    summary: "Gives a hook another secret, shown once; the one so far is good no more.",
    // Two words behind `/hooks` are posted to by programs outside.
    method: "PUT",
    path: "/hooks/:hook/secret",
    input: rotateHookInput,
    action: "subscribe",
    handle: rotateHookSecret,
  }),
  operation({
    name: "deleteHook",
    summary: "Removes a hook with what it received.",
    method: "DELETE",
    path: "/hooks/:hook",
    input: hookInput,
    action: "subscribe",
    handle: deleteHook,
  }),
  operation({
    name: "listHookReceipts",
    summary: "What a hook received, newest first, and what came of it.",
    method: "GET",
    path: "/hooks/:hook/receipts",
    input: listHookReceiptsInput,
    action: "view",
    handle: listHookReceipts,
  }),
];

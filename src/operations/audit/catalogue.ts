/** Evidence that is checked without trusting the server. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import { exportTrace, exportTraceInput } from "./export-trace.ts";
import {
  checkAudit,
  checkAuditInput,
  listAuditKeys,
  makeCheckpoint,
  rotateAuditKey,
} from "./look-after-log.ts";

export const auditOperations: Operation[] = [
  operation({
    name: "exportAudit",
    summary: "One archive of a trace (tar.gz) that verifies without the server.",
    method: "GET",
    path: "/audit/traces/:traceId",
    input: exportTraceInput,
    action: "export",
    handle: exportTrace,
  }),
  operation({
    name: "checkAudit",
    summary: "Compares the database with itself and with every published checkpoint.",
    method: "POST",
    path: "/audit/checks",
    input: checkAuditInput,
    action: "export",
    handle: checkAudit,
  }),
  operation({
    name: "makeCheckpoint",
    summary: "Takes in what is new, and publishes a signed checkpoint of the tenant's log.",
    method: "POST",
    path: "/audit/checkpoints",
    input: z.object({}),
    action: "export",
    handle: makeCheckpoint,
  }),
  operation({
    name: "listAuditKeys",
    summary: "The public keys that the tenant ever signed with.",
    method: "GET",
    path: "/audit/keys",
    input: z.object({}),
    action: "view",
    handle: listAuditKeys,
  }),
  operation({
    name: "rotateAuditKey",
    summary: "Retires the signing key and makes the next.",
    method: "POST",
    path: "/audit/keys",
    input: z.object({}),
    action: "tenant",
    handle: rotateAuditKey,
  }),
];

/** A small HTTP service: 1 KiB to everybody, at once. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { say } from "../support/program.ts";

const body = Buffer.alloc(1024, "x");
const headers = { "content-type": "text/plain", "content-length": body.length };
const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
// What is measured is the router: connections are not to be closed in the middle of it.
server.keepAliveTimeout = 600_000;
server.listen(
  0,
  "127.0.0.1",
  () => void say({ kind: "ready", port: (server.address() as AddressInfo).port }),
);

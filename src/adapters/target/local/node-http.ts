/**
 * `node:http` for processes that live as long as the services: an import of it reads all of its exports, and with
 * that of `WebSocket` loads a whole HTTP client besides, 5 MiB in each process.
 */
const http = process.getBuiltinModule("node:http");

export const { createServer, request, ServerResponse } = http;
export type ServerResponse = InstanceType<typeof http.ServerResponse>;

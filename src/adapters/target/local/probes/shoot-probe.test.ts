import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import {
  Server as GrpcServer,
  ServerCredentials,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import type { Probe } from "../../../../domain/module/module-spec.ts";
import { shootProbe } from "./shoot-probe.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function portOf(server: Server, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function shoot(port: number, handler: Partial<Probe>, timeoutSeconds = 1) {
  const probe = {
    initialDelaySeconds: 0,
    periodSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
    timeoutSeconds,
  };
  const exec = async () => ({ code: 0, signal: null, timedOut: false });
  return await shootProbe({ ...probe, ...handler }, { port, addresses: ["127.0.0.1", "::1"], exec });
}

const http = async (listener: RequestListener, host?: string) => portOf(createServer(listener), host);
const get = { httpGet: { path: "/healthz?full=1" } };

test.each([
  [200, true],
  [204, true],
  [304, true],
  [399, true],
  [400, false],
  [404, false],
  [503, false],
])("HTTP %i: success %s", async (code, ok) => {
  const port = await http((_request, response) => response.writeHead(code).end());
  expect(await shoot(port, get)).toEqual({ ok, words: `HTTP ${code}`, address: "127.0.0.1" });
});

test("it asks for the path as it is written, on a connection of its own, under a name of its own", async () => {
  const asked: unknown[] = [];
  const port = await http(({ method, url, headers }, response) => {
    asked.push([method, url, headers.host, headers.connection, headers["user-agent"]]);
    response.end();
  });
  await shoot(port, get);
  expect(asked).toEqual([["GET", "/healthz?full=1", `localhost:${port}`, "close", "connectsoft-probe/1"]]);
});

test("a redirect to the same host is followed, one elsewhere succeeds", async () => {
  const answers: Record<string, [number, string?]> = {
    "/here": [302, "/sick"],
    "/absolute": [301, "http://localhost:PORT/fine"],
    "/there": [302, "https://login.example/"],
    "/round": [307, "/round"],
    "/sick": [500],
    "/fine": [200],
  };
  const port: number = await http(({ url = "" }, response) => {
    const [code = 404, location] = answers[url] ?? [];
    response
      .writeHead(code, location === undefined ? {} : { location: location.replace("PORT", String(port)) })
      .end();
  });
  const at = (path: string) => shoot(port, { httpGet: { path } });
  expect(await at("/here")).toMatchObject({ ok: false, words: "HTTP 500" });
  expect(await at("/absolute")).toMatchObject({ ok: true, words: "HTTP 200" });
  expect(await at("/there")).toMatchObject({ ok: true, words: "HTTP 302 to https://login.example/" });
  expect(await at("/round")).toMatchObject({ ok: false, words: "more than 10 redirects" });
});

test("an answer that comes too late, never, or is none", async () => {
  const silent = await http(() => {});
  expect(await shoot(silent, get, 0.1)).toMatchObject({ ok: false, words: "timeout after 0.1 s" });
  const closing = await portOf(createTcpServer((socket) => socket.end()));
  expect(await shoot(closing, get)).toMatchObject({ words: "it closed the connection without an answer" });
  const chatty = await portOf(createTcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")));
  expect(await shoot(chatty, get)).toMatchObject({ ok: false, words: "an answer that is no HTTP/1.1" });
  const dripping = await portOf(
    createTcpServer((socket) => void socket.on("error", () => {}).write("HTTP/1.1 20")),
  );
  expect(await shoot(dripping, get, 0.1)).toMatchObject({ ok: false, words: "timeout after 0.1 s" });
});

test("a service that listens on ::1 alone is found there; one that listens nowhere is refused", async () => {
  const port = await http((_request, response) => response.end(), "::1");
  expect(await shoot(port, get)).toMatchObject({ ok: true, address: "::1" });
  expect(await shoot(port, { tcpSocket: {} })).toEqual({ ok: true, words: "connected", address: "::1" });
  const gone = createTcpServer();
  const free = await portOf(gone);
  gone.close();
  expect(await shoot(free, get)).toEqual({ ok: false, words: "connection refused" });
});

/** The standard health service of a real gRPC server; messages pass as bytes. */
async function grpcServer(answer?: (service: string) => number | undefined): Promise<number> {
  const server = new GrpcServer();
  const bytes = (value: Buffer) => value;
  const check = {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  } as const;
  const implementation: UntypedServiceImplementation = {
    check(call: { request: Buffer }, reply: (error: object | null, message?: Buffer) => void) {
      const serving = answer?.(call.request.subarray(2).toString());
      if (serving === undefined) reply({ code: status.NOT_FOUND });
      else reply(null, Buffer.from(serving === 0 ? [] : [0x08, serving]));
    },
  };
  if (answer !== undefined) server.addService({ check }, implementation);
  closing.push(() => server.forceShutdown());
  return await new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
}

test("gRPC: only SERVING of the service that is asked for succeeds", async () => {
  const known: Record<string, number> = { "": 1, bookings: 1, reports: 2, unknown: 0 };
  const port = await grpcServer((service) => known[service]);
  expect(await shoot(port, { grpc: {} })).toMatchObject({ ok: true, words: "gRPC SERVING" });
  expect(await shoot(port, { grpc: { service: "bookings" } })).toMatchObject({ ok: true });
  expect(await shoot(port, { grpc: { service: "reports" } })).toMatchObject({
    ok: false,
    words: "gRPC NOT_SERVING",
  });
  expect(await shoot(port, { grpc: { service: "unknown" } })).toMatchObject({
    ok: false,
    words: "gRPC UNKNOWN",
  });
  const other = await shoot(port, { grpc: { service: "x".repeat(200) } });
  expect(other).toMatchObject({
    ok: false,
    words: "gRPC NOT_FOUND: the health service does not know the service",
  });
});

test("gRPC: no health service, no gRPC at all, no answer", async () => {
  expect(await shoot(await grpcServer(), { grpc: {} })).toMatchObject({
    words: "gRPC UNIMPLEMENTED: it has no health service (grpc.health.v1)",
  });
  const http1 = await http((_request, response) => response.end("hello"));
  expect((await shoot(http1, { grpc: {} })).ok).toBe(false);
  const silent = await portOf(createTcpServer((socket) => void socket.on("error", () => {})));
  expect(await shoot(silent, { grpc: {} }, 0.1)).toMatchObject({ words: "timeout after 0.1 s" });
});

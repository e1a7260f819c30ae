import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { echoServer, hostOf, releaseSpec } from "../../../../ports/target.conformance.ts";
import type { ReleaseSpec } from "../../../../ports/target.ts";
import { get, type LocalTargetFixture, localTargetFixture } from "../local-target-fixture.ts";

let fixture: LocalTargetFixture;
beforeAll(async () => {
  fixture = await localTargetFixture();
});
afterAll(() => fixture.dispose());

async function serve(spec: Partial<ReleaseSpec> & { moduleId: string }, server = echoServer): Promise<void> {
  const artifact = await fixture.artifact({ "server.js": server });
  const wanted = releaseSpec({ artifact, ...spec });
  const watch = { signal: new AbortController().signal, progress: () => {} };
  expect((await fixture.target.start(wanted, watch)).state).toBe("ready");
  await fixture.target.route({ namespace: wanted.namespace, moduleId: wanted.moduleId }, [
    { releaseId: wanted.releaseId, weight: 100 },
  ]);
}

test("no request fails while traffic moves to and fro under load and the old release is retired", async () => {
  const moduleId = "busy";
  await serve({ moduleId, releaseId: "release-000001", environment: { GREETING: "one" } }, slowEchoServer);
  const port = await fixture.routerPort();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const answers: string[] = [];
  let sent = 0;
  let switched = false;
  const client = async () => {
    while (sent < 2_000 || !switched) {
      sent += 1;
      const method = sent % 3 === 0 ? "POST" : "GET";
      answers.push(await send({ port, agent, method, host: hostOf(moduleId) }));
    }
  };
  const load = Promise.all(Array.from({ length: 16 }, client));
  for (const [releaseId, before] of [
    ["release-000002", "release-000001"],
    ["release-000003", "release-000002"],
  ] as const) {
    await serve({ moduleId, releaseId, environment: { GREETING: releaseId } }, slowEchoServer);
    await fixture.target.retire({ namespace: "acme-staging", moduleId, releaseId: before });
  }
  switched = true;
  await load;
  agent.destroy();
  expect(answers.length).toBeGreaterThanOrEqual(2_000);
  expect([...new Set(answers)].sort()).toEqual(["200 one", "200 release-000002", "200 release-000003"]);
});

test("a request under way when its release is retired is answered by it", async () => {
  const moduleId = "patient";
  await serve({ moduleId, releaseId: "release-000001", environment: { GREETING: "old" } }, slowEchoServer);
  const underWay = fixture.request(hostOf(moduleId), "/slow");
  await expect.poll(() => fixture.request(hostOf(moduleId), "/pending").then(({ body }) => body)).toBe("1");
  await serve({ moduleId, releaseId: "release-000002", environment: { GREETING: "new" } }, slowEchoServer);
  await fixture.target.retire({ namespace: "acme-staging", moduleId, releaseId: "release-000001" });
  expect(await underWay).toEqual({ status: 200, body: "old" });
});

test("an unknown host is told what was expected", async () => {
  await serve({ moduleId: "known" });
  const answer = await fixture.request("unknown.acme-staging.localhost", "/");
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toMatchObject({
    code: "NotFound",
    message: expect.stringContaining("unknown.acme"),
  });
});

test("services see who asked, for which host", async () => {
  await serve({ moduleId: "forwarded", hosts: ["shop.example"] });
  const { body } = await fixture.request("Shop.Example", "/headers");
  expect(JSON.parse(body)).toMatchObject({
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": expect.stringMatching(/^Shop\.Example:\d+$/),
  });
});

test("a host name of one module is not given to another", async () => {
  await serve({ moduleId: "owner", hosts: ["mine.example"] });
  await expect(serve({ moduleId: "thief", hosts: ["mine.example"] })).rejects.toThrow(
    /mine\.example belongs to another/,
  );
});

test("server-sent events arrive while the answer is still open", async () => {
  const moduleId = "stream";
  await serve({ moduleId }, streamServer);
  const outgoing = request({
    host: "127.0.0.1",
    port: await fixture.routerPort(),
    path: "/events",
    headers: { host: hostOf(moduleId) },
    agent: false,
  }).end();
  const [response] = await once(outgoing, "response");
  const [chunk] = await once(response.setEncoding("utf8"), "data");
  expect(chunk).toContain("data: first");
  expect(response.complete).toBe(false);
  outgoing.destroy();
});

test("an upgraded connection carries bytes both ways", async () => {
  const moduleId = "socket";
  await serve({ moduleId }, streamServer);
  const socket = connect(await fixture.routerPort(), "127.0.0.1");
  socket.write(
    `GET /ws HTTP/1.1\r\nhost: ${hostOf(moduleId)}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n",
  );
  let seen = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    seen += chunk;
  });
  await expect.poll(() => seen).toContain("101 Switching Protocols");
  socket.write("ping");
  await expect.poll(() => seen).toContain("echo:ping");
  socket.destroy();
});

test("an answer that breaks off breaks off for the client as well", async () => {
  const moduleId = "breaking";
  await serve({ moduleId }, streamServer);
  const port = await fixture.routerPort();
  await expect(get(port, hostOf(moduleId), "/break")).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
});

async function send(call: { port: number; agent: Agent; method: string; host: string }): Promise<string> {
  try {
    const outgoing = request({
      host: "127.0.0.1",
      port: call.port,
      agent: call.agent,
      method: call.method,
      headers: { host: call.host },
    });
    outgoing.end(call.method === "POST" ? "body" : undefined);
    const [response] = await once(outgoing, "response");
    let body = "";
    for await (const chunk of response.setEncoding("utf8")) body += chunk;
    return `${response.statusCode} ${body}`;
  } catch (error) {
    return String(error);
  }
}

/** Ends as well-behaved services do: on SIGTERM it closes at once, kept-alive connections included. */
const slowEchoServer = `
const http = require("node:http");
let pending = 0;
const server = http.createServer((request, response) => {
  if (request.url === "/pending") return response.end(String(pending));
  if (request.url === "/slow") {
    pending += 1;
    return setTimeout(() => response.end(process.env.GREETING), 1500);
  }
  request.resume().on("end", () => response.end(process.env.GREETING));
});
server.keepAliveTimeout = 30;
server.listen(process.env.PORT, "127.0.0.1");
process.on("SIGTERM", () => { server.closeAllConnections(); process.exit(0); });
`;

const streamServer = `
const http = require("node:http");
const server = http.createServer((request, response) => {
  if (request.url === "/break") {
    response.writeHead(200, { "content-length": 100 });
    response.write("half");
    return setTimeout(() => response.destroy(), 50);
  }
  if (request.url !== "/events") return response.end();
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("data: first\\n\\n");
});
server.on("upgrade", (request, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: Upgrade\\r\\n\\r\\n");
  socket.on("data", (chunk) => socket.write("echo:" + chunk));
  socket.on("error", () => {});
});
server.listen(process.env.PORT, "127.0.0.1");
`;

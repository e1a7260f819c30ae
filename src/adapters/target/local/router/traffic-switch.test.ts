import { once } from "node:events";
import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { echoServer, hostOf, releaseSpec } from "../../../../ports/target.conformance.ts";
import type { ReleaseSpec } from "../../../../ports/target.ts";
import { type LocalTargetFixture, localTargetFixture } from "../local-target-fixture.ts";

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

test("a host name of one module is not given to another", async () => {
  await serve({ moduleId: "owner", hosts: ["mine.example"] });
  await expect(serve({ moduleId: "thief", hosts: ["mine.example"] })).rejects.toThrow(
    /mine\.example belongs to another/,
  );
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

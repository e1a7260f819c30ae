import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RouterBackend, RouterControl } from "./router-control.ts";
import { backendOf, type RouterRig, routeOf, routerRig } from "./router-rig.ts";

let rig: RouterRig;
let router: RouterControl;
let session: ClientHttp2Session | undefined;
const services: Http2Server[] = [];
beforeAll(async () => {
  rig = await routerRig();
  router = await rig.open();
});
afterEach(() => session?.destroy());
afterAll(async () => {
  await rig.dispose();
  for (const service of services) service.close();
});

test("a client of HTTP/2 is served by a service of HTTP/1.1, on the same port", async () => {
  const service = await rig.service((incoming, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.end(JSON.stringify({ ...incoming.headers, version: incoming.httpVersion, url: incoming.url }));
  });
  await route([backendOf(service)]);
  const answer = await ask({ ":path": "/a?b=1", cookie: ["c=1", "d=2"], te: "trailers" });
  expect(answer.headers).toMatchObject({ ":status": 200, "set-cookie": ["a=1", "b=2"] });
  expect(JSON.parse(answer.body)).toMatchObject({
    host: "shop.localhost",
    version: "1.1",
    url: "/a?b=1",
    cookie: "c=1; d=2",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": "shop.localhost",
  });
  expect(answer.body).not.toContain("trailers");
});

test("a hundred requests on one connection each get their own answer", async () => {
  const service = await rig.service((incoming, response) => {
    incoming.setEncoding("utf8");
    let text = "";
    incoming.on("data", (chunk) => {
      text += chunk;
    });
    incoming.on("end", () => response.end(`${incoming.url} ${text}`));
  });
  await route([backendOf(service)]);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, nth) => ask({ ":path": `/${nth}`, ":method": "POST" }, `body ${nth}`)),
  );
  expect(answers.map(({ body }) => body)).toEqual(answers.map((_, nth) => `/${nth} body ${nth}`));
});

test("a client of HTTP/1.1 is served by a service of HTTP/2", async () => {
  const service = await http2Service((stream, headers) => {
    stream.respond({ ":status": 201, "x-path": headers[":path"] ?? "" });
    stream.end(headers[":authority"]);
  });
  await route([backendOf(service, { protocol: "h2c" })]);
  const answer = await rig.raw("GET /a HTTP/1.1\r\nhost: shop.localhost\r\nconnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 201 Created\r\nx-path: \/a\r\n[\s\S]*shop\.localhost/);
});

test("streams of HTTP/2 pass both ways while they are open, trailers at their end", async () => {
  const service = await http2Service((stream) => {
    stream.respond({ ":status": 200 }, { waitForTrailers: true });
    stream.on("data", (chunk) => stream.write(`echo:${chunk}`));
    stream.on("end", () => stream.end());
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "3" }));
  });
  await route([backendOf(service, { protocol: "h2c" })]);
  const stream = client().request({ ":method": "POST", ":authority": "shop.localhost" });
  let seen = "";
  stream.setEncoding("utf8").on("data", (chunk) => {
    seen += chunk;
  });
  const trailers = once(stream, "trailers");
  stream.write("one");
  await expect.poll(() => seen).toBe("echo:one");
  stream.write("two");
  await expect.poll(() => seen).toBe("echo:oneecho:two");
  stream.end();
  expect((await trailers)[0]).toMatchObject({ "x-sum": "3" });
});

test("an unknown host, and a service that cannot be reached, are told in HTTP/2 as well", async () => {
  await route([backendOf(await rig.service("x"), { protocol: "h2c", port: await rig.freePort() })]);
  expect((await ask({})).headers[":status"]).toBe(502);
  const unknown = await ask({ ":authority": "unknown.localhost" });
  expect(unknown.headers[":status"]).toBe(404);
  expect(JSON.parse(unknown.body)).toMatchObject({ code: "NotFound" });
});

test("what an HTTP/2 service did not take is given to another instance", async () => {
  const service = await http2Service((stream) => {
    stream.respond({ ":status": 200 });
    stream.pipe(stream);
  });
  const there = backendOf(service, { protocol: "h2c" });
  const gone = { ...there, id: "gone", port: await rig.freePort(), weight: 1_000 };
  await route([gone, there]);
  for (let nth = 0; nth < 5; nth += 1) {
    expect(await ask({ ":method": "POST" }, "body")).toMatchObject({
      headers: { ":status": 200 },
      body: "body",
    });
  }
});

test("an answer that breaks off is an error of its stream, and the connection goes on", async () => {
  const service = await rig.service((incoming, response) => {
    if (incoming.url === "/whole") return response.end("whole");
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => response.destroy());
  });
  await route([backendOf(service)]);
  await expect(ask({ ":path": "/half" })).rejects.toThrow(/INTERNAL_ERROR/);
  expect((await ask({ ":path": "/whole" })).body).toBe("whole");
});

function client(): ClientHttp2Session {
  if (session === undefined || session.destroyed) {
    session = connect(`http://127.0.0.1:${router.port}`);
    session.on("error", () => {});
  }
  return session;
}

async function ask(headers: Record<string, string | string[]>, body?: string) {
  const isEmpty = body === undefined;
  const stream = client().request({ ":authority": "shop.localhost", ...headers }, { endStream: isEmpty });
  if (!isEmpty) stream.end(body);
  const [answered] = (await once(stream, "response")) as [IncomingHttpHeaders];
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return { headers: answered, body: text };
}

async function http2Service(serve: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void) {
  const server = createServer();
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    serve(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  services.push(server);
  return server;
}

let version = 0;
async function route(backends: RouterBackend[]): Promise<void> {
  version += 1;
  await router.apply({ version, routes: [routeOf("shop", backends)] });
}

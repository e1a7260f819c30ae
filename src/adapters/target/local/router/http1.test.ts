import { once } from "node:events";
import { type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RouterBackend, RouterControl } from "./router-control.ts";
import { backendOf, type RouterRig, routeOf, routerRig } from "./router-rig.ts";

let rig: RouterRig;
let router: RouterControl;
let version = 0;
beforeAll(async () => {
  rig = await routerRig();
  router = await rig.open();
});
afterAll(() => rig.dispose());

test("an unknown host is told what was expected", async () => {
  await serve("known", "here");
  const answer = await rig.get("unknown.acme-staging.localhost", "/");
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toMatchObject({
    code: "NotFound",
    message: expect.stringContaining("unknown.acme"),
  });
});

test("where nothing is up, clients are told to come again", async () => {
  const one = await rig.service("one");
  await route([backendOf(one, { up: false })]);
  const answer = await rig.raw("GET / HTTP/1.1\r\nhost: shop.localhost\r\nconnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).toMatch(/retry-after: 1\r\n/);
  expect(answer).toContain('"code":"Unavailable"');
});

test("where nothing is meant to serve, clients are told to come again later", async () => {
  await route([]);
  const answer = await rig.raw("GET / HTTP/1.1\r\nhost: shop.localhost\r\nconnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer).toMatch(/retry-after: 5\r\n/);
  expect(answer).toContain("does not serve at the moment");
});

test("services see who asked, for which host, and nothing of the client's connection", async () => {
  await serve("shop", (incoming, response) => response.end(JSON.stringify(incoming.headers)));
  const answer = await rig.raw(
    "GET / HTTP/1.1\r\nhost: Shop.localhost:80\r\nconnection: close, x-hop\r\nx-hop: 1\r\nkeep-alive: 5\r\nte: trailers\r\n" +
      "proxy-connection: x\r\nx-forwarded-for: 10.0.0.9\r\nx-kept: 2\r\n\r\n",
  );
  expect(JSON.parse(bodyOf(answer))).toEqual({
    host: "Shop.localhost:80",
    "x-kept": "2",
    "x-forwarded-for": "10.0.0.9, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-host": "Shop.localhost:80",
    "x-forwarded-port": String(router.port),
  });
});

test("one connection of a client goes on with each new table", async () => {
  const [one, two] = [await rig.service("one"), await rig.service("two")];
  const socket = connect(router.port, "127.0.0.1");
  let seen = "";
  socket.setEncoding("latin1").on("data", (chunk) => {
    seen += chunk;
  });
  await route([backendOf(one)]);
  socket.write("GET / HTTP/1.1\r\nhost: shop.localhost\r\n\r\n");
  await expect.poll(() => seen).toMatch(/one$/);
  await route([backendOf(two)]);
  socket.write("GET / HTTP/1.1\r\nhost: shop.localhost\r\n\r\n");
  await expect.poll(() => seen).toMatch(/two$/);
  socket.destroy();
});

test("a body of 64 MiB passes both ways unchanged, and trailers with it", async () => {
  await serve("shop", (incoming, response) => {
    response.writeHead(200, { trailer: "x-count" });
    let count = 0;
    incoming.on("data", (chunk: Buffer) => {
      count += chunk.length;
      if (!response.write(chunk)) incoming.pause();
    });
    response.on("drain", () => incoming.resume());
    incoming.on("end", () => {
      response.addTrailers({ "x-count": `${count} ${incoming.trailers["x-sent"]}` });
      response.end();
    });
  });
  const outgoing = send({ method: "POST", headers: { trailer: "x-sent" } });
  const block = Buffer.alloc(1 << 20, 7);
  const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
  const writing = (async () => {
    for (let nth = 0; nth < 64; nth += 1) if (!outgoing.write(block)) await once(outgoing, "drain");
    outgoing.addTrailers({ "x-sent": "64" });
    outgoing.end();
  })();
  const [response] = await answered;
  let count = 0;
  for await (const chunk of response) {
    count += chunk.length;
    expect(chunk.every((byte: number) => byte === 7)).toBe(true);
  }
  await writing;
  expect(count).toBe(64 << 20);
  expect(response.trailers).toEqual({ "x-count": `${64 << 20} 64` });
});

test("a client that reads slowly slows the service, and fills nobody's memory", async () => {
  let written = 0;
  await serve("shop", (_incoming, response) => {
    const block = Buffer.alloc(1 << 20);
    const more = () => {
      while (written < 512 && response.write(block)) written += 1;
      if (written >= 512) response.end();
    };
    response.on("drain", more);
    more();
  });
  const socket = connect(router.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: shop.localhost\r\n\r\n");
  await once(socket, "readable");
  // It has come to a halt once two looks in a row find the same.
  let before = -1;
  await expect
    .poll(
      () => {
        const halted = before === written;
        before = written;
        return halted;
      },
      { interval: 300 },
    )
    .toBe(true);
  expect(written).toBeLessThan(64);
  socket.destroy();
});

test("server-sent events arrive while the answer is still open", async () => {
  await serve("shop", (_incoming, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: first\n\n");
  });
  const outgoing = send({}).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const [chunk] = await once(response.setEncoding("utf8"), "data");
  expect(chunk).toBe("data: first\n\n");
  expect(response.complete).toBe(false);
  outgoing.destroy();
});

test("100-continue is said once there is somebody to take the body, and not where nobody is up", async () => {
  await serve("shop", (incoming, response) => incoming.pipe(response));
  const outgoing = send({ method: "POST", headers: { expect: "100-continue", "content-length": 4 } });
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  outgoing.end("body");
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  expect(await textOf(response)).toBe("body");
  await route([]);
  const head = "POST / HTTP/1.1\r\nhost: shop.localhost\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n";
  const answer = await rig.raw(head, '"}\n');
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
});

test.each([
  ["HEAD", 200, "content-length: 10"],
  ["GET", 204, "x-status: 204"],
  ["GET", 304, "etag: a"],
])(
  "%s answered %i keeps its headers and has no body, and the connection goes on",
  async (method, status, header) => {
    await serve("shop", (_incoming, response) => {
      const [name = "", value = ""] = header.split(": ");
      response.writeHead(status, { [name]: value }).end();
    });
    const one = `${method} / HTTP/1.1\r\nhost: shop.localhost\r\n\r\n`;
    const last = `${method} / HTTP/1.1\r\nhost: shop.localhost\r\nconnection: close\r\n\r\n`;
    const answers = (await rig.raw(one + last)).split(/(?=HTTP\/1\.1 )/);
    expect(answers.length).toBe(2);
    for (const answer of answers) {
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).toContain(`${header}\r\n`);
      expect(bodyOf(answer)).toBe("");
    }
  },
);

test.each([
  [
    "two lengths of different kinds",
    "POST / HTTP/1.1\r\nhost: shop.localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nhost: shop.localhost\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nbody",
    400,
  ],
  [
    "an encoding that hides",
    "POST / HTTP/1.1\r\nhost: shop.localhost\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "a space before the colon",
    "POST / HTTP/1.1\r\nhost: shop.localhost\r\ncontent-length : 4\r\n\r\nbody",
    400,
  ],
  ["a bare line feed", "GET / HTTP/1.1\nhost: shop.localhost\n\n", 400],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nhost: shop.localhost\r\nhost: other.localhost\r\n\r\n", 400],
  ["absurd headers", `GET / HTTP/1.1\r\nhost: shop.localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ["CONNECT", "CONNECT shop.localhost:80 HTTP/1.1\r\nhost: shop.localhost\r\n\r\n", 405],
])("a request with %s is refused, and no service sees it", async (_title, bytes, status) => {
  let asked = 0;
  await serve("shop", (_incoming, response) => {
    asked += 1;
    response.end();
  });
  expect(await rig.raw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(asked).toBe(0);
});

test("an absolute target goes where it says, whatever the host header", async () => {
  await serve("shop", (incoming, response) => response.end(`${incoming.headers.host} ${incoming.url}`));
  const answer = await rig.raw(
    "GET http://shop.localhost/a?b=1 HTTP/1.1\r\nhost: other.localhost\r\nconnection: close\r\n\r\n",
  );
  expect(bodyOf(answer)).toBe("shop.localhost /a?b=1");
});

test.each(["GET", "POST"])("a %s that no instance took is given to another one", async (method) => {
  const one = await rig.service(echo);
  const refusing = backendOf(one, { id: "refusing", port: await rig.freePort(), weight: 1_000 });
  await route([refusing, backendOf(one)]);
  for (let nth = 0; nth < 5; nth += 1)
    expect(await ask(method, "body")).toBe(method === "GET" ? "200 " : "200 body");
});

test("a GET that was lost with its connection is sent again, a POST is not", async () => {
  let taken = 0;
  const dropping = await tcpService((socket) => {
    socket.once("data", () => {
      taken += 1;
      socket.destroy();
    });
  });
  const one = await rig.service(echo);
  await route([backendOf(dropping, { id: "dropping", weight: 1_000 }), backendOf(one)]);
  expect(await ask("GET")).toBe("200 ");
  expect(taken).toBe(1);
  expect(await ask("POST", "body")).toMatch(/^502 .*"code":"BadGateway"/);
  expect(taken).toBe(2);
});

test("a request that kills what takes it is carried to one more instance, and to no third", async () => {
  // On new connections, then on kept ones, of which none can say whether it was closed before or by the request.
  for (const before of [0, 8]) {
    const services = await Promise.all(Array.from({ length: 4 }, mortalService));
    await route(services.map((service, index) => backendOf(service, { id: `${before}-${index}` })));
    for (let nth = 0; nth < before; nth += 1) expect(await ask("GET")).toBe("200 ");
    expect(await ask("GET", "", "/deadly")).toMatch(/^502 .*"code":"BadGateway"/);
    expect(services.filter(({ listening }) => listening)).toHaveLength(2);
    expect(await ask("GET")).toBe("200 ");
  }
});

test("a kept connection that its service has closed costs nobody an answer", async () => {
  let closed = 0;
  const closing = await tcpService((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      setTimeout(() => socket.destroy(), closed % 3);
      closed += 1;
    });
  });
  await route([backendOf(closing)]);
  for (let nth = 0; nth < 200; nth += 1) expect(await ask(nth % 3 === 0 ? "POST" : "GET")).toBe("200 ");
});

test("an answer that breaks off breaks off for the client as well", async () => {
  await serve("shop", (_incoming, response) => {
    response.writeHead(200, { "content-length": 100 });
    response.write("half", () => response.destroy());
  });
  await expect(rig.get("shop.localhost", "/")).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
});

test("a service that answers nonsense is a bad gateway", async () => {
  const nonsense = await tcpService((socket) => socket.once("data", () => socket.write("hello\r\n\r\n")));
  await route([backendOf(nonsense)]);
  expect(await ask("GET")).toMatch(/^502 /);
});

test("a service learns that its client has gone", async () => {
  let gone = false;
  await serve("shop", (_incoming, response) => {
    response.write("begun");
    response.once("close", () => {
      gone = true;
    });
  });
  const outgoing = send({}).end();
  await once(outgoing, "response");
  outgoing.destroy();
  await expect.poll(() => gone).toBe(true);
});

test("an upgraded connection carries bytes both ways, and a refused upgrade its answer", async () => {
  await serve(
    "shop",
    (_incoming, response) => response.writeHead(401).end("who?"),
    (server) => {
      server.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
        if (incoming.url !== "/ws")
          return void socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
        socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n");
        socket.on("data", (chunk) => socket.write(`echo:${chunk}`));
      });
    },
  );
  const head = (path: string) =>
    `GET ${path} HTTP/1.1\r\nhost: shop.localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n";
  const seen = await rig.raw(`${head("/ws")}ping`, "echo:ping");
  expect(seen).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\nupgrade: websocket\r\n/);
  expect(await rig.raw(head("/else"))).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*no$/);
});

test("a client that offers HTTP/2 by upgrade is answered in HTTP/1.1", async () => {
  await serve("shop", "plain");
  const answer = await rig.raw(
    "GET / HTTP/1.1\r\nhost: shop.localhost\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*plain$/);
});

async function serve(name: string, answer: string | RequestListener, adjust?: (server: Server) => void) {
  const server = await rig.service(answer);
  adjust?.(server);
  await route([backendOf(server)], name);
}

async function route(backends: RouterBackend[], name = "shop"): Promise<void> {
  version += 1;
  await router.apply({ version, routes: [routeOf(name, backends)] });
}

function send(more: { method?: string; path?: string; headers?: Record<string, string | number> }) {
  const headers = { host: "shop.localhost", ...more.headers };
  return request({ host: "127.0.0.1", port: router.port, agent: false, ...more, headers });
}

async function ask(method: string, body = "", path = "/"): Promise<string> {
  const outgoing = send({ method, path });
  outgoing.end(body === "" || method === "GET" ? undefined : body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return `${response.statusCode} ${await textOf(response)}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return text;
}

function echo(incoming: IncomingMessage, response: NodeJS.WritableStream): void {
  incoming.pipe(response);
}

/** Is no more, connections included, once `/deadly` is asked of it. */
async function mortalService() {
  const connections = new Set<Socket>();
  const server = await tcpService((socket) => {
    connections.add(socket);
    socket.on("data", (bytes) => {
      if (!bytes.includes("/deadly"))
        return void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      server.close();
      for (const connection of connections) connection.destroy();
    });
  });
  return server;
}

async function tcpService(serve: (socket: Socket) => void) {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return server;
}

function bodyOf(answer: string): string {
  const text = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const chunked = /\r\ntransfer-encoding: chunked\r\n/i.test(answer);
  return chunked ? text.replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, "") : text;
}

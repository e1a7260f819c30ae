/** The published client against a real server, over real sockets. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { answerOf, createDeliveryClient, type DeliveryClient, Refusal } from "@connectsoft/delivery-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Subject } from "../../src/domain/scope.ts";
import { type Listening, listen } from "../../src/http/listen.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const folder = path.join(import.meta.dirname, "../../client");
const events = "/deliveries/{tenantId}/{traceId}/{moduleId}/events";
let stage: TestSystem;
let server: Listening;
let subject: Subject;
let token: string;
let client: DeliveryClient;
beforeAll(async () => {
  stage = await createTestSystem();
  server = await listen(appOf(stage.system), 0);
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  token = await stage.system.accounts.issueToken({ tenantId: subject.tenantId, person: "max" }, "test");
  client = createDeliveryClient({ baseUrl: server.url, token });
});
afterAll(async () => {
  await server.close();
  await stage.close();
});

describe("a call", () => {
  test("gives the answer, or the problem beside it", async () => {
    const { data, error } = await client.GET("/deliveries", { params: { query: { limit: 1 } } });
    expect(error).toBeUndefined();
    expect(data?.map((one) => one.subject)).toEqual([subject]);
    const missing = await client.GET("/failures/{ref}", { params: { path: { ref: "trace-none" } } });
    expect(missing.error).toMatchObject({ code: "NotFound", status: 404 });
  });

  test("throws what is refused as it is refused, where the answer alone is asked for", async () => {
    const asked = answerOf(client.GET("/flows/{name}", { params: { path: { name: "none" } } }));
    const refusal = await asked.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: "NotFound", status: 404, next: expect.any(String) });
  });

  test("tells what a proxy answers in the server's place", async () => {
    const away = createDeliveryClient({
      baseUrl: server.url,
      fetch: async () => new Response("<h1>Bad Gateway</h1>", { status: 502 }),
    });
    await expect(answerOf(away.GET("/flows"))).rejects.toMatchObject({ code: "Unavailable", status: 502 });
  });

  test("asks for the token each time, where it is a function", async () => {
    const tokens = ["cst_wrong", token];
    const changing = createDeliveryClient({ baseUrl: server.url, token: () => tokens.shift() ?? "" });
    await expect(answerOf(changing.GET("/flows"))).rejects.toMatchObject({ status: 401 });
    expect(await answerOf(changing.GET("/flows"))).not.toEqual([]);
  });
});

describe("a stream", () => {
  test("comes back behind the last event each time that its connection is cut", async () => {
    const all = await stage.system.store.events(subject);
    const proxy = await cuttingProxy(new URL(server.url).port, JSON.stringify(all).length / 3);
    const lost: Error[] = [];
    const behind = createDeliveryClient({ baseUrl: proxy.url, token });
    const seen: number[] = [];
    const stream = behind.follow(events, { params: { path: subject }, onLost: (error) => lost.push(error) });
    for await (const one of stream) {
      if (one.event === "progress") continue;
      seen.push(one.data.sequence);
      if (seen.length === all.length) break;
    }
    await proxy.close();
    expect(seen).toEqual(all.map(({ sequence }) => sequence));
    expect(lost.length).toBeGreaterThan(1);
  });

  test("begins behind the event that is known", async () => {
    const stream = client.follow(events, { params: { path: subject }, lastEventId: "3" });
    const first = await stream.next();
    await stream.return();
    expect(first.value).toMatchObject({ id: "4", data: { sequence: 4 } });
  });

  test("ends without an error when its signal is aborted", async () => {
    const ended = new AbortController();
    let count = 0;
    for await (const _event of client.follow(events, { params: { path: subject }, signal: ended.signal })) {
      count += 1;
      ended.abort();
    }
    expect(count).toBeGreaterThan(0);
  });

  test("throws what the server refuses, and what was never reached", async () => {
    const other = { ...subject, traceId: "trace-none" };
    await expect(client.follow(events, { params: { path: other } }).next()).rejects.toMatchObject({
      code: "NotFound",
    });
    const nobody = createDeliveryClient({ baseUrl: "http://127.0.0.1:1", token });
    await expect(nobody.follow(events, { params: { path: subject } }).next()).rejects.toThrow(TypeError);
  });
});

test("the example of its README approves what waits and follows it to where it is deployed", async () => {
  const example = readFileSync(path.join(folder, "example.ts"), "utf8");
  expect(readFileSync(path.join(folder, "README.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, "example.ts")], {
    env: { ...process.env, CONNECTSOFT_URL: server.url, CONNECTSOFT_TOKEN: token },
  });
  expect(stdout).toMatch(/ReleaseApproved production\n[\s\S]*DeploymentCompleted production\n$/);
});

/** To a port of this machine; each connection ends in the middle of what it carries, after so many bytes of an answer. */
async function cuttingProxy(port: string, bytes: number) {
  const open = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    near.pipe(far);
    let left = Math.ceil(bytes);
    far.on("data", (chunk) => {
      near.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      near.end();
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
    async close() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

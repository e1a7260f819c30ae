import {
  type Client,
  credentials,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  type MethodDefinition,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RouterControl } from "./router-control.ts";
import { backendOf, type RouterRig, routeOf, routerRig } from "./router-rig.ts";

let rig: RouterRig;
let router: RouterControl;
let server: Server;
let client: Client;
const release = "acme/shop/release-000001";

beforeAll(async () => {
  rig = await routerRig();
  router = await rig.open();
  server = new Server();
  server.addService({ unary: method("unary", false), chat: method("chat", true) }, { unary, chat });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const backend = backendOf({ address: () => ({ port }) }, { protocol: "h2c", release });
  await router.apply({ version: 1, routes: [routeOf("shop", [backend])] });
  const Echo = makeGenericClientConstructor({}, "Echo");
  client = new Echo(`127.0.0.1:${router.port}`, credentials.createInsecure(), {
    "grpc.default_authority": "shop.localhost",
  });
});
afterAll(async () => {
  client.close();
  server.forceShutdown();
  await rig.dispose();
});

test("a call is answered, with its metadata at the beginning and at the end", async () => {
  const metadata = new Metadata();
  metadata.set("x-asked", "yes");
  const trailers: Metadata[] = [];
  const answer = await new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      "/Echo/unary",
      toBytes,
      fromBytes,
      "hello",
      metadata,
      (error, value) => (error === null ? resolve(value) : reject(error)),
    );
    call.on("status", (ended) => trailers.push(ended.metadata));
  });
  expect(answer).toBe("hello yes");
  expect(trailers[0]?.get("x-at-end")).toEqual(["1"]);
});

test("a failed call comes back with its status and words", async () => {
  const before = (await router.traffic())[release];
  const failed = (wanted: string) =>
    new Promise((resolve) => {
      client.makeUnaryRequest("/Echo/unary", toBytes, fromBytes, wanted, resolve);
    });
  expect(await failed("missing")).toMatchObject({ code: status.NOT_FOUND, details: "no such thing" });
  expect(await failed("broken")).toMatchObject({ code: status.INTERNAL });
  const after = (await router.traffic())[release];
  // What the service could not do is its fault; what was not there is the caller's.
  expect((after?.requests ?? 0) - (before?.requests ?? 0)).toBe(2);
  expect((after?.errors ?? 0) - (before?.errors ?? 0)).toBe(1);
});

test("a conversation goes both ways while it is open", async () => {
  const call = client.makeBidiStreamRequest("/Echo/chat", toBytes, fromBytes);
  const seen: string[] = [];
  call.on("data", (value) => seen.push(value));
  const ended = new Promise<{ code: number }>((resolve) => call.on("status", resolve));
  for (const word of ["one", "two", "three"]) {
    call.write(word);
    await expect.poll(() => seen.at(-1)).toBe(`echo:${word}`);
  }
  call.end();
  expect((await ended).code).toBe(status.OK);
});

const unary: handleUnaryCall<string, string> = (call, answer) => {
  if (call.request === "missing") return answer({ code: status.NOT_FOUND, details: "no such thing" });
  if (call.request === "broken") return answer({ code: status.INTERNAL, details: "it broke" });
  const trailer = new Metadata();
  trailer.set("x-at-end", "1");
  answer(null, `${call.request} ${call.metadata.get("x-asked")}`, trailer);
};

const chat: handleBidiStreamingCall<string, string> = (call) => {
  call.on("data", (value) => call.write(`echo:${value}`));
  call.on("end", () => call.end());
};

function method(name: string, streams: boolean): MethodDefinition<string, string> {
  return {
    path: `/Echo/${name}`,
    requestStream: streams,
    responseStream: streams,
    requestSerialize: toBytes,
    requestDeserialize: fromBytes,
    responseSerialize: toBytes,
    responseDeserialize: fromBytes,
  };
}

function toBytes(text: string): Buffer {
  return Buffer.from(text);
}

function fromBytes(bytes: Buffer): string {
  return bytes.toString();
}

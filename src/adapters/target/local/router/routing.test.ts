import { expect, test } from "vitest";
import type { Backend } from "./backend.ts";
import type { RouterBackend, RouterRoute } from "./router-control.ts";
import { Routing } from "./routing.ts";

const host = "shared.acme-staging.localhost";

test.each([
  ["/", "shop"],
  ["/other", "shop"],
  ["/bookings", "bookings"],
  ["/bookings/7", "bookings"],
  ["/bookings?day=1", "bookings"],
  ["/bookingsheet", "shop"],
  ["/bookings/archive", "archive"],
  ["/bookings/archive/2024", "archive"],
  ["/bookings/archives", "bookings"],
])("%s leads to %s", (target, name) => {
  const routing = routingOf([
    { ...route("shop", [backend("shop")]), hosts: [host] },
    { ...route("bookings", [backend("bookings")]), paths: [{ host, path: "/bookings" }] },
    { ...route("archive", [backend("archive")]), paths: [{ host, path: "/bookings/archive" }] },
  ]);
  expect(idOf(routing.find(host, target, []))).toBe(name);
});

test("a host that nothing is known of is unknown, also below a prefix of another", () => {
  const routing = routingOf([
    { ...route("bookings", [backend("one")]), paths: [{ host, path: "/bookings" }] },
  ]);
  expect(routing.find("other.localhost", "/bookings", [])).toBe("unknown");
  expect(routing.find(host, "/", [])).toBe("unknown");
});

test("what stands by gets a request that none of the others can take", () => {
  const one = backend("one");
  const routes = (up: boolean) => [route("shop", [{ ...one, up }, backend("before", { weight: 0 })])];
  const routing = routingOf(routes(true));
  const find = (tried: Backend[]) => routing.find("shop.localhost", "/", tried);
  const first = find([]);
  expect(idOf(first)).toBe("one");
  expect(idOf(find([first as Backend]))).toBe("before");
  routing.apply({ version: 2, routes: routes(false) });
  expect(idOf(find([]))).toBe("before");
});

test("what is down and what has no weight gets nothing, and the rest is shared by weight", () => {
  const routing = routingOf([
    route("shop", [
      backend("three", { weight: 3 }),
      backend("down", { weight: 50, up: false }),
      backend("none", { weight: 0 }),
      backend("one", { weight: 1 }),
    ]),
  ]);
  const seen = Array.from({ length: 400 }, () => idOf(routing.find("shop.localhost", "/", [])));
  expect(
    Object.fromEntries(Object.entries(Object.groupBy(seen, String)).map(([id, all]) => [id, all?.length])),
  ).toEqual({
    three: 300,
    one: 100,
  });
});

test("a place without anything up is down, and one without anything at all waits", () => {
  const routing = routingOf([route("shop", [backend("one", { up: false })]), route("empty", [])]);
  expect(routing.find("shop.localhost", "/", [])).toBe("down");
  expect(routing.find("empty.localhost", "/", [])).toBe("waiting");
});

test("turns go on over a table that changes nothing of a place", () => {
  const routes = [route("shop", [backend("a"), backend("b")])];
  const routing = routingOf(routes);
  const seen: string[] = [];
  for (let version = 2; version < 12; version += 1) {
    routing.apply({ version, routes });
    seen.push(idOf(routing.find("shop.localhost", "/", [])));
  }
  expect(seen.filter((id) => id === "a").length).toBe(5);
});

function routingOf(routes: RouterRoute[]): Routing {
  const routing = new Routing();
  routing.apply({ version: 1, routes });
  return routing;
}

function route(name: string, backends: RouterBackend[]): RouterRoute {
  return { place: `acme/${name}`, hosts: [`${name}.localhost`], paths: [], backends };
}

function backend(id: string, more: Partial<RouterBackend> = {}): RouterBackend {
  return { id, release: id, address: "127.0.0.1", port: 1, protocol: "http", weight: 1, up: true, ...more };
}

function idOf(found: Backend | string): string {
  return typeof found === "string" ? found : found.id;
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { weightiest } from "../change.ts";
import { compareInterfaces } from "./compare-interfaces.ts";
import type { ModuleFiles } from "./module-files.ts";

function module(files: Record<string, string>): ModuleFiles {
  return { paths: new Set(Object.keys(files)), read: (name) => files[name] };
}

function compare(was: Record<string, string>, is: Record<string, string>): string[] {
  return compareInterfaces(module(was), module(is)).map(({ bump, text }) => `${bump}: ${text}`);
}

const api = `openapi: 3.1.0
info: { title: Bookings, version: 1.0.0 }
paths:
  /bookings:
    get:
      parameters:
        - { name: page, in: query, schema: { type: integer } }
      responses:
        "200": { content: { application/json: { schema: { $ref: "#/components/schemas/List" } } } }
    post:
      requestBody:
        content: { application/json: { schema: { $ref: "#/components/schemas/Booking" } } }
      responses: { "201": {} }
  /bookings/{id}:
    get:
      responses: { "200": { content: { application/json: { schema: { $ref: "#/components/schemas/Booking" } } } }, "404": {} }
components:
  schemas:
    List: { type: array, items: { $ref: "#/components/schemas/Booking" } }
    Booking:
      type: object
      required: [room]
      properties:
        room: { type: string, enum: [a, b] }
        next: { $ref: "#/components/schemas/Booking" }
`;
const fromApi = (edit: (text: string) => string) =>
  compare({ "openapi.yaml": api }, { "openapi.yaml": edit(api) });

test.each<[string, (text: string) => string, string]>([
  [
    "a path",
    (text) => text.replace(/ {2}\/bookings\/\{id\}:[\s\S]*?(?=\ncomponents:)/, ""),
    "breaking: GET /bookings/{id} was removed",
  ],
  [
    "an operation",
    (text) => text.replace("    get:\n      responses", "    delete:\n      responses"),
    "breaking: GET /bookings/{id} was removed",
  ],
  [
    "a parameter",
    (text) => text.replace(/ +parameters:\n.*\n/, ""),
    "breaking: GET /bookings: query parameter page was removed",
  ],
  [
    "an optional parameter",
    (text) => text.replace("in: query", "in: query, required: true"),
    "breaking: GET /bookings: query parameter page is required now",
  ],
  [
    "a parameter's type",
    (text) => text.replace("type: integer", "type: string"),
    "breaking: GET /bookings: query parameter page: its type changed",
  ],
  [
    "a response",
    (text) => text.replace(', "404": {}', ""),
    "breaking: GET /bookings/{id}: response 404 was removed",
  ],
  [
    "a property",
    (text) => text.replace(/ +next:.*\n/, ""),
    "breaking: POST /bookings: request body (application/json): next was removed",
  ],
  [
    "a required property",
    (text) => text.replace("required: [room]", "required: [room, next]"),
    "breaking: POST /bookings: request body (application/json): next is required now",
  ],
  [
    "an allowed value",
    (text) => text.replace("enum: [a, b]", "enum: [a]"),
    "breaking: POST /bookings: request body (application/json): room: b is not allowed any more",
  ],
])("taking or narrowing %s breaks", (_what, edit, expected) => {
  expect(fromApi(edit)).toContain(expected);
});

test.each<[string, (text: string) => string, string]>([
  [
    "an operation",
    (text) => text.replace("    post:", "    put: { responses: {} }\n    post:"),
    "feature: PUT /bookings was added",
  ],
  [
    "an optional parameter",
    (text) =>
      text.replace("        - { name: page", "        - { name: size, in: query }\n        - { name: page"),
    "feature: GET /bookings: query parameter size was added",
  ],
  [
    "a response",
    (text) => text.replace('"201": {}', '"201": {}, "409": {}'),
    "feature: POST /bookings: response 409 was added",
  ],
  [
    "a property",
    (text) => text.replace("        next:", "        floor: { type: integer }\n        next:"),
    "feature: GET /bookings: response 200 (application/json)[]: floor was added",
  ],
])("adding %s is a feature", (_what, edit, expected) => {
  const changes = fromApi(edit);
  expect(changes).toContain(expected);
  expect(changes.every((change) => change.startsWith("feature"))).toBe(true);
});

test("words, the name of a path parameter and the form of the file change nothing", () => {
  expect(
    fromApi((text) => text.replace("{id}", "{bookingId}").replace("title: Bookings", "title: Rooms")),
  ).toEqual([]);
});

test("an OpenAPI document that is broken, or is none, stops nothing", () => {
  expect(fromApi(() => "openapi: 3.1.0\npaths: [")).toEqual([]);
  expect(compare({ "openapi.json": "{}" }, { "openapi.json": api })).toEqual([]);
});

const library = {
  name: "@acme/rooms",
  version: "1.0.0",
  exports: { ".": "./dist/index.js", "./client": "./src/client.ts" },
  bin: { rooms: "cli.js" },
};
const sources = {
  "package.json": JSON.stringify(library),
  "src/index.ts": `export { open, type Room } from "./room.ts"; export * from "./more.js"; export default class { a(): void {} private b = 1 }`,
  "src/room.ts": `export function open(name: string, floor = 1): Room { return { name } }\nexport interface Room { name: string; floor?: number }`,
  "src/more.ts": `export const limit: number = 3; export const find = (a: string) => a; export enum Kind { A, B }`,
  "src/client.ts": `export type Call = (a: string) => void;`,
};
const edited = (file: keyof typeof sources, from: string, to: string) =>
  compare(sources, { ...sources, [file]: sources[file].replace(from, to) });

test.each<[keyof typeof sources, string, string, string]>([
  ["src/index.ts", "open, ", "", "breaking: the export open was removed"],
  [
    "src/room.ts",
    "name: string, floor = 1",
    "name: string, floor: number",
    "breaking: open asks for more arguments",
  ],
  [
    "src/room.ts",
    "name: string, floor = 1",
    "name: number, floor = 1",
    "breaking: the arguments of open changed",
  ],
  ["src/room.ts", "): Room {", "): Promise<Room> {", "breaking: the result of open changed"],
  ["src/room.ts", "name: string; floor", "floor", "breaking: Room.name was removed"],
  ["src/room.ts", "floor?: number", "floor: number", "breaking: Room.floor is required now"],
  ["src/more.ts", "limit: number", "limit: string", "breaking: the type of limit changed"],
  ["src/more.ts", "A, B", "A", "breaking: Kind.B was removed"],
  ["src/index.ts", "a(): void {}", "", "breaking: default.a was removed"],
  ["src/client.ts", "a: string", "a: number", "breaking: the type of Call of ./client changed"],
  ["package.json", `,"./client":"./src/client.ts"`, "", "breaking: the package's entry ./client was removed"],
  ["package.json", `"rooms":"cli.js"`, `"halls":"cli.js"`, "breaking: the program rooms was removed"],
  [
    "src/more.ts",
    "export enum",
    "export const extra = 1; export enum",
    "feature: the export extra was added",
  ],
  ["src/room.ts", "floor = 1)", "floor = 1, beds = 2)", "feature: open takes more arguments"],
  ["src/room.ts", "floor?: number", "floor?: number; beds?: number", "feature: Room.beds was added"],
])("%s with %j as %j: %s", (file, from, to, expected) => {
  expect(edited(file, from, to)).toContain(expected);
});

test("what is private, formatted or commented otherwise is the same interface", () => {
  expect(edited("src/index.ts", "private b = 1", "private c = 2")).toEqual([]);
  expect(
    edited(
      "src/room.ts",
      "{ name: string; floor?: number }",
      "{\n  name: string, // its name\n  floor?: number;\n}",
    ),
  ).toEqual([]);
});

test("a service that nobody imports has no exports to keep", () => {
  const service = { "package.json": '{"private":true,"main":"main.js"}', "main.js": "exports.a = 1;" };
  expect(compare(service, { ...service, "main.js": "exports.b = 1;" })).toEqual([]);
});

test("exports of a CommonJS package are read", () => {
  const was = {
    "package.json": '{"main":"main.js"}',
    "main.js": "exports.a = 1; module.exports.b = (x) => x;",
  };
  const is = { ...was, "main.js": "module.exports = { a: 1, c: 2 };" };
  expect(compare(was, is)).toEqual(["breaking: the export b was removed", "feature: the export c was added"]);
});

test("a setting that is needed from now on is a feature, as releases wait for it", () => {
  const is = { "module.yaml": "needs: { secrets: [TOKEN], config: [GREETING] }" };
  expect(compare({ "module.yaml": "" }, is)).toEqual([
    "feature: configuration GREETING must be set from now on",
    "feature: secret TOKEN must be set from now on",
  ]);
});

test.each(["hono", "zod", "yaml", "commander", "semver", "pg"])(
  "the published %s reads as itself, and not as empty",
  (name) => {
    const root = path.join(import.meta.dirname, "../../../../node_modules", name);
    const files: Record<string, string> = {};
    const reading: ModuleFiles = {
      paths: {
        has: (one: string) => one in files || canRead(root, one, files),
        [Symbol.iterator]: function* () {},
      } as unknown as Set<string>,
      read: (one) => (canRead(root, one, files) ? files[one] : undefined),
    };
    expect(compareInterfaces(reading, reading)).toEqual([]);
    const { version: _, ...rest } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    const emptied: ModuleFiles = {
      ...reading,
      read: (one) =>
        one === "package.json"
          ? JSON.stringify({ ...rest, exports: {}, main: undefined, types: undefined, bin: {} })
          : reading.read(one),
    };
    const changes = compareInterfaces(reading, emptied);
    expect(weightiest(changes.map(({ bump }) => bump))).toBe("breaking");
  },
);

function canRead(root: string, name: string, files: Record<string, string>): boolean {
  if (name in files) return true;
  try {
    files[name] = readFileSync(path.join(root, name), "utf8");
    return true;
  } catch {
    return false;
  }
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const directory = mkdtempSync(join(tmpdir(), "booking-service-"));
const running = new Set();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

const booking = { resource: "room-1", guest: "Ada", from: "2026-03-01T09:00:00Z", to: "2026-03-01T10:00:00Z" };

test("lives at once, and takes no bookings before it is warm", async () => {
  const cold = await start({ WARM_UP_MS: "3600000", DATA_DIR: join(directory, "cold") });
  assert.equal((await fetch(`${cold.url}/health/live`)).status, 200);
  assert.equal((await fetch(`${cold.url}/health/ready`)).status, 503);
  assert.equal((await fetch(`${cold.url}/bookings`)).status, 503);
  assert.equal(await cold.stop(), 0);
});

test("is ready when warm, books once, and keeps its bookings over a restart", async () => {
  const first = await start({ WARM_UP_MS: "10" });
  await first.logged("ready");
  assert.equal((await fetch(`${first.url}/health/ready`)).status, 200);

  const created = await post(first, booking);
  assert.equal(created.status, 201);
  const location = created.headers.get("location");
  const conflict = await post(first, booking);
  assert.equal(conflict.status, 409);
  assert.match((await conflict.json()).message, /room-1 is taken from 2026-03-01T09:00/);
  assert.equal(await first.stop(), 0);

  const second = await start({ WARM_UP_MS: "0" });
  await second.logged("ready");
  assert.equal((await (await fetch(second.url + location)).json()).guest, "Ada");
  assert.equal((await fetch(second.url + location, { method: "DELETE" })).status, 204);
  assert.equal((await fetch(second.url + location)).status, 404);
  assert.deepEqual((await (await fetch(`${second.url}/bookings`)).json()).bookings, []);
  assert.equal(await second.stop(), 0);
});

test("says what is wrong with a request, and what it would take", async () => {
  const service = await start({ WARM_UP_MS: "0", DATA_DIR: join(directory, "errors") });
  await service.logged("ready");
  const { version } = await (await fetch(service.url)).json();
  assert.match(version, /^\d+\.\d+\.\d+/);

  const invalid = await post(service, { ...booking, to: booking.from });
  assert.equal(invalid.status, 400);
  assert.equal((await invalid.json()).message, "to: expected a time after from");
  const torn = await fetch(`${service.url}/bookings`, { method: "POST", body: "{" });
  assert.equal((await torn.json()).error, "InvalidJson");
  const large = await fetch(`${service.url}/bookings`, { method: "POST", body: " ".repeat(20_000) });
  assert.equal(large.status, 413);
  const put = await fetch(`${service.url}/bookings`, { method: "PUT" });
  assert.equal(put.headers.get("allow"), "GET, POST");
  assert.equal((await fetch(`${service.url}/rooms`)).status, 404);
  assert.equal(await service.stop(), 0);
});

test("refuses a port that is not a number", async () => {
  const child = spawn(process.execPath, [main()], { env: { ...process.env, PORT: "web" } });
  running.add(child);
  const [code] = await once(child, "exit");
  assert.equal(code, 2);
});

async function start(environment) {
  const env = { ...process.env, PORT: "0", DATA_DIR: join(directory, "data"), ...environment };
  const child = spawn(process.execPath, [main()], { env, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { port } = await logged("listening");
  return { url: `http://127.0.0.1:${port}`, logged, stop };

  async function logged(event) {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`ended before it logged ${event}`);
      const entry = JSON.parse(value);
      if (entry.event === event) return entry;
    }
  }

  async function stop() {
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    running.delete(child);
    return code;
  }
}

function post(service, body) {
  return fetch(`${service.url}/bookings`, { method: "POST", body: JSON.stringify(body) });
}

function main() {
  return fileURLToPath(new URL("../src/main.js", import.meta.url));
}

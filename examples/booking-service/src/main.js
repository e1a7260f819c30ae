/** Entry: reads the environment, opens the journal, serves, and ends in good order on SIGTERM. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { openBookings } from "./bookings.js";
import { logger } from "./log.js";
import { createBookingServer } from "./server.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const port = numberFrom("PORT", 8080);
const warmUpMs = numberFrom("WARM_UP_MS", 1000);
const dataDirectory = process.env.DATA_DIR ?? process.env.STORAGE_DIR ?? "./data";
const host = process.env.HOST ?? "127.0.0.1";

const log = logger("booking-service", version);
const bookings = openBookings(dataDirectory, log);
const service = createBookingServer({ bookings, version, log });

service.server.on("error", (error) => fail(`cannot listen on ${host}:${port}: ${error.message}`));
service.server.listen(port, host);
await once(service.server, "listening");
log("listening", { host, port: service.server.address().port, dataDirectory, warmUpMs });

const warmUp = setTimeout(() => {
  service.becomeReady();
  log("ready", { bookings: bookings.list().length });
}, warmUpMs);

for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void stop(signal));

/** Takes no new connections, finishes what is under way, and gives up on what is not done after 5 s. */
async function stop(signal) {
  log("stopping", { signal });
  clearTimeout(warmUp);
  setTimeout(() => process.exit(1), 5000).unref();
  await service.close();
  bookings.close();
  log("stopped");
}

function numberFrom(name, otherwise) {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  return fail(`${name}: expected a whole number, found "${text}"`);
}

function fail(message) {
  process.stderr.write(`booking-service: ${message}\n`);
  process.exit(2);
}

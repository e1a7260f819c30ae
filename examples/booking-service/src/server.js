/** The HTTP face: bookings as a REST resource, and two health probes. */
import { createServer } from "node:http";
import { parseBooking } from "./validate.js";

const bodyLimit = 16 * 1024;

export function createBookingServer({ bookings, version, log }) {
  let ready = false;
  const server = createServer((request, response) => {
    const begun = performance.now();
    response.on("finish", () => {
      if (request.url.startsWith("/health/")) return;
      const durationMs = Math.round((performance.now() - begun) * 10) / 10;
      log("request", { method: request.method, path: request.url, status: response.statusCode, durationMs });
    });
    handle(request, response).catch((error) => {
      log("error", { message: error.message, stack: error.stack });
      if (!response.headersSent) send(response, 500, { error: "Internal", message: "something went wrong here" });
    });
  });
  return { server, becomeReady, close };

  function becomeReady() {
    ready = true;
  }

  /** Resolves when the requests that were under way have their answers. */
  function close() {
    ready = false;
    return new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
  }

  async function handle(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname === "/health/live") return send(response, 200, { status: "live" });
    if (pathname === "/health/ready") return send(response, ready ? 200 : 503, { status: ready ? "ready" : "warming up" });
    if (pathname === "/") return only(["GET"], () => send(response, 200, { service: "booking-service", version, ready }));
    if (!ready)
      return send(response, 503, { error: "NotReady", message: "warming up, try again in a second" }, { "retry-after": "1" });

    if (pathname === "/bookings")
      return only(["GET", "POST"], () =>
        request.method === "POST"
          ? create(request, response)
          : send(response, 200, { bookings: bookings.list(searchParams.get("resource") ?? undefined) }),
      );
    const id = /^\/bookings\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
    if (id === undefined) return send(response, 404, { error: "NotFound", message: `nothing is at ${pathname}` });
    return only(["GET", "DELETE"], () => (request.method === "DELETE" ? cancel(response, id) : show(response, id)));

    function only(methods, answer) {
      if (methods.includes(request.method)) return answer();
      const message = `${request.method} is not possible here, expected ${methods.join(" or ")}`;
      return send(response, 405, { error: "MethodNotAllowed", message }, { allow: methods.join(", ") });
    }
  }

  async function create(request, response) {
    const text = await bodyOf(request);
    if (text === undefined)
      return send(response, 413, { error: "TooLarge", message: `expected at most ${bodyLimit} bytes` }, { connection: "close" });
    const body = parseJson(text);
    if (body === undefined) return send(response, 400, { error: "InvalidJson", message: "the body is not JSON" });
    const { problems, request: booking } = parseBooking(body);
    if (problems !== undefined)
      return send(response, 400, { error: "InvalidBooking", message: problems.map(say).join("; "), problems });
    const result = bookings.create(booking);
    if (result.conflict !== undefined) {
      const { resource, from, to, id } = result.conflict;
      return send(response, 409, { error: "AlreadyBooked", message: `${resource} is taken from ${from} to ${to}`, conflict: id });
    }
    return send(response, 201, result.booking, { location: `/bookings/${result.booking.id}` });
  }

  function show(response, id) {
    const booking = bookings.get(id);
    return booking === undefined ? unknown(response, id) : send(response, 200, booking);
  }

  function cancel(response, id) {
    if (!bookings.cancel(id)) return unknown(response, id);
    return response.writeHead(204).end();
  }
}

function unknown(response, id) {
  return send(response, 404, { error: "NotFound", message: `there is no booking ${id}` });
}

function send(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say({ field, message }) {
  return field === "" ? message : `${field}: ${message}`;
}

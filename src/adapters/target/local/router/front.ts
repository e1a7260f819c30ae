/**
 * The front door: one port of the loopback for HTTP/1.1 and for HTTP/2 without TLS, told apart by a connection's
 * first bytes. The choice of a backend is made per request, so that connections that are kept go by each new table.
 */
import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "node:net";
import type { Services } from "./delivery.ts";
import { createHttp1Front } from "./http1-front.ts";
import type { Http2Front } from "./http2-front.ts";

export interface Front {
  server: HttpServer;
  /** Frees the port; what is open stays. */
  close(): void;
  /** Takes no new connection; resolves when the last one has gone. */
  leave(): Promise<void>;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** A connection that says nothing is closed. */
const silenceMs = 60_000;
/** Kept connections without a request: long enough for a busy client to come again and be told. */
const lastCallMs = 10_000;

export function createFront(services: Services): Front {
  const http1 = createHttp1Front(services);
  const { server } = http1;
  let http2: Promise<Http2Front> | undefined;
  let open = 0;

  // Node's server takes connections by this listener; we look first.
  const [serveHttp1] = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    open += 1;
    socket.once("close", () => {
      open -= 1;
      if (open === 0) server.emit("empty");
    });
    peek(socket, (isHttp2) => {
      if (!isHttp2) return void serveHttp1?.call(server, socket);
      http2 ??= import("./http2-front.ts").then(({ createHttp2Front }) => createHttp2Front(services));
      void http2.then((front) => front.server.emit("connection", socket));
    });
  });

  // Not by its own `close`, which would end kept connections just as they are used.
  const close = () => void Server.prototype.close.call(server);
  return {
    server,
    close,
    async leave() {
      http1.leave();
      void http2?.then((front) => front.leave());
      const lastCall = setTimeout(() => server.closeIdleConnections(), lastCallMs);
      close();
      if (open > 0) await new Promise((resolve) => server.once("empty", resolve));
      clearTimeout(lastCall);
    },
  };
}

function peek(socket: Socket, decide: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const tooSilent = setTimeout(() => socket.destroy(), silenceMs);
  const drop = () => socket.destroy();
  const onClose = () => clearTimeout(tooSilent);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const isAlike = preface.compare(seen, 0, length, 0, length) === 0;
    if (isAlike && length < preface.length) return;
    clearTimeout(tooSilent);
    socket.off("readable", onReadable).off("error", drop).off("end", drop).off("close", onClose);
    socket.unshift(seen);
    decide(isAlike);
  };
  socket.on("readable", onReadable).on("error", drop).on("end", drop).on("close", onClose);
}

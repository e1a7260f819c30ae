/** A receiver of webhooks that answers as it is told to, 200 where it is not, and keeps what came. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Arrived {
  headers: http.IncomingHttpHeaders;
  body: string;
}

export async function webhookReceiver() {
  const arrivals: Arrived[] = [];
  const behaviour: { status: number | ((body: string) => number) } = { status: 200 };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      arrivals.push({ headers: request.headers, body });
      const { status } = behaviour;
      response.writeHead(typeof status === "number" ? status : status(body)).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/in`,
    arrivals,
    behaviour,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Standard Webhooks as its specification says it, by hand: whether one of the signatures is this secret's. */
export function isSignedBy(secret: string, { headers, body }: Arrived): boolean {
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(signed).digest();
  return String(headers["webhook-signature"])
    .split(" ")
    .some((one) => {
      const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

/**
 * A gRPC probe: `grpc.health.v1.Health/Check` over HTTP/2 without TLS, as kubelet asks. Only SERVING succeeds.
 * The two messages have one field each, so they are written here; HTTP/2 is loaded by the first such probe.
 */
import { inWords, type ProbeAnswer, timeoutWords } from "./probe-answer.ts";

const path = "/grpc.health.v1.Health/Check";
const servingStatuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];
/** Codes that have a meaning of their own here; the others go by their number (grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const codes: Record<string, string> = {
  "4": "DEADLINE_EXCEEDED",
  "5": "NOT_FOUND: the health service does not know the service",
  "12": "UNIMPLEMENTED: it has no health service (grpc.health.v1)",
  "14": "UNAVAILABLE",
};

export async function grpcProbe(
  address: string,
  port: number,
  options: { service: string; timeoutMs: number },
): Promise<ProbeAnswer> {
  const { connect } = await import("node:http2");
  return await new Promise((resolve) => {
    const session = connect(`http://${address.includes(":") ? `[${address}]` : address}:${port}`);
    const timer = setTimeout(
      () => end({ ok: false, words: timeoutWords(options.timeoutMs) }),
      options.timeoutMs,
    );
    function end(answer: ProbeAnswer): void {
      clearTimeout(timer);
      session.destroy();
      resolve(answer);
    }
    session.on("error", (error) => end({ ok: false, words: inWords(error, options.timeoutMs) }));
    session.on("close", () => end({ ok: false, words: "it closed the connection without an answer" }));
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      ":authority": `localhost:${port}`,
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "connectsoft-probe/1",
    });
    const chunks: Buffer[] = [];
    let code: string | undefined;
    const readCode = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] !== undefined) code = String(headers["grpc-status"]);
      const status = headers[":status"];
      if (status !== undefined && status !== 200) end({ ok: false, words: `HTTP ${status}, no gRPC` });
    };
    // A call that fails at once has its status in the head and no trailer.
    stream.on("response", readCode);
    stream.on("trailers", readCode);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", (error) => end({ ok: false, words: inWords(error, options.timeoutMs) }));
    stream.on("end", () => end(judge(code, Buffer.concat(chunks))));
    stream.end(request(options.service));
  });
}

function judge(code: string | undefined, message: Buffer): ProbeAnswer {
  if (code !== "0")
    return { ok: false, words: code === undefined ? "no gRPC status" : `gRPC ${codes[code] ?? code}` };
  // Five bytes before each message; field 1 as a varint, absent where it is 0.
  const number = message[5] === 0x08 ? (message[6] ?? 0) : 0;
  const status = servingStatuses[number] ?? `status ${number}`;
  return { ok: status === "SERVING", words: `gRPC ${status}` };
}

/** `HealthCheckRequest { string service = 1 }`, uncompressed, with its length before it. */
function request(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

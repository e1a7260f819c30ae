/** Posts a body once: no redirect, no proxy, no cookie, a time limit, and no more of the answer than there is use for. */
import http from "node:http";
import https from "node:https";
import { retryAfterMs } from "../../domain/notification/retry-schedule.ts";
import type { Receipt } from "../../ports/notifier.ts";
import { reachableAddresses, Unreachable } from "./reachable-addresses.ts";

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface PostOptions {
  allowPrivate: boolean;
  signal: AbortSignal;
  /** Authorities that are trusted, PEM; absent: those that Node trusts. */
  ca: string[] | undefined;
}

const mostAnswerBytes = 64 * 1024;
/** Of the message and not of the moment. */
const finalCodes = [400, 410, 413, 422];

export async function postJson(post: Post, options: PostOptions): Promise<Receipt> {
  const response = await answerTo(post, options);
  drain(response);
  const code = response.statusCode ?? 0;
  if (code >= 200 && code < 300) return { status: "sent", answer: `answered ${code}` };
  const retryAfter = retryAfterMs(response.headers["retry-after"], new Date());
  return {
    status: "failed",
    problem: code >= 300 && code < 400 ? `answered ${code}: redirects are not followed` : `answered ${code}`,
    final: finalCodes.includes(code),
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    ...([429, 502, 503, 504].includes(code) && { ofTarget: true }),
  };
}

async function answerTo({ url, headers, body }: Post, options: PostOptions): Promise<http.IncomingMessage> {
  const { allowPrivate, signal, ca } = options;
  const target = new URL(url);
  if (target.protocol !== "https:" && !allowPrivate)
    throw new Unreachable("its address is http, which is for private networks only: expected https");
  const addresses = await reachableAddresses(target.hostname, allowPrivate);
  const { request } = target.protocol === "https:" ? https : http;
  return await new Promise((resolve, reject) => {
    const sent = request(target, {
      method: "POST",
      headers: {
        ...headers,
        "content-length": Buffer.byteLength(body),
        "user-agent": "connectsoft-delivery",
      },
      agent: false,
      signal,
      ...(ca !== undefined && { ca }),
      lookup: (_host, { all }, found) => {
        if (all === true) found(null, addresses);
        else found(null, addresses[0]?.address ?? "", addresses[0]?.family);
      },
    });
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The status has said everything: the rest is read so that the receiver may finish, and not for long. */
function drain(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on("error", () => undefined);
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) response.destroy();
  });
}

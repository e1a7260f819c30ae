/**
 * An HTTP probe as kubelet shoots it: a new connection, 200 to 399 succeeds, a redirect to the same host is
 * followed, one elsewhere succeeds. The status line is read off the socket: hundreds of services are probed
 * every second, and a whole HTTP client costs four times as much.
 */
import { connect } from "node:net";
import { inWords, type ProbeAnswer } from "./probe-answer.ts";

const mostRedirects = 10;
/** More of a head than this says nothing that a probe asks for, and more of a body is not waited for. */
const mostBytes = 16 * 1024;

interface Head {
  status: number;
  location: string | undefined;
}

export async function getProbe(
  address: string,
  port: number,
  options: { path: string; timeoutMs: number },
): Promise<ProbeAnswer> {
  const deadlineMs = performance.now() + options.timeoutMs;
  let at = { port, path: options.path };
  for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
    const head = await askOnce(address, at, deadlineMs - performance.now()).catch((error: Error) =>
      inWords(error, options.timeoutMs),
    );
    if (typeof head === "string") return { ok: false, words: head };
    const words = `HTTP ${head.status}`;
    const next = redirected(head, at, address);
    if (next === "elsewhere") return { ok: true, words: `${words} to ${head.location}` };
    if (next === undefined) return { ok: head.status >= 200 && head.status < 400, words };
    at = next;
  }
  return { ok: false, words: `more than ${mostRedirects} redirects` };
}

/** Where to ask next; undefined where this is the answer. */
function redirected(
  { status, location }: Head,
  from: { port: number; path: string },
  address: string,
): { port: number; path: string } | "elsewhere" | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const base = `http://localhost:${from.port}`;
  if (!URL.canParse(location, `${base}${from.path}`)) return undefined;
  const url = new URL(location, `${base}${from.path}`);
  const isHere = url.hostname === "localhost" || url.hostname.replace(/^\[(.*)\]$/, "$1") === address;
  if (!isHere || url.protocol !== "http:") return "elsewhere";
  return { port: Number(url.port || 80), path: url.pathname + url.search };
}

function askOnce(
  address: string,
  { port, path }: { port: number; path: string },
  restMs: number,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => fail(new DOMException("", "TimeoutError")), Math.max(1, restMs));
    let head: Head | undefined;
    let text = "";
    let bytes = 0;
    function fail(error: Error): void {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    }
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(requestOf(path, port)));
    socket.on("data", (chunk: string) => {
      bytes += chunk.length;
      // What is left unread when a connection is closed resets it, which a service may take amiss: the rest is read, too.
      if (bytes > mostBytes) fail(new Error("a head that does not end"));
      if (head !== undefined) return;
      text += chunk;
      head = readHead(text);
      if (head !== undefined) resolve(head);
      else if (text.slice(0, 7) !== "HTTP/1.".slice(0, text.length))
        fail(new Error("an answer that is no HTTP/1.1"));
    });
    socket.on("error", fail);
    socket.on("end", () => fail(new Error("it closed the connection without an answer")));
  });
}

function requestOf(path: string, port: number): string {
  const headers = [
    `Host: localhost:${port}`,
    "User-Agent: connectsoft-probe/1",
    "Accept: */*",
    "Connection: close",
  ];
  return [`GET ${path} HTTP/1.1`, ...headers, "", ""].join("\r\n");
}

/** Undefined while it is not whole. What comes before the final answer (100 to 199) is skipped. */
function readHead(text: string): Head | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1] ?? 0);
  if (status >= 100 && status < 200) return readHead(text.slice(end + 4));
  return { status, location: /^location:[ \t]*(.*?)[ \t]*$/im.exec(head)?.[1] };
}

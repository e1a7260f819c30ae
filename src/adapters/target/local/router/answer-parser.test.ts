import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerParser, MalformedAnswer } from "./answer-parser.ts";

const chunked =
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" +
  "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n";

test("an answer is the same in whatever pieces it arrives", () => {
  const whole = read([Buffer.from(chunked)]);
  expect(whole).toEqual({
    status: 200,
    headers: ["Content-Type", "text/plain", "Trailer", "X-Sum"],
    body: "hello world",
    trailers: ["X-Sum", "11"],
    ended: true,
    reusable: true,
  });
  const cuts = fc.array(fc.integer({ min: 1, max: chunked.length - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (at) => {
      expect(read(pieces(chunked, at))).toEqual(whole);
    }),
  );
});

test.each([
  ["of a HEAD", "HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"],
  ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n"],
  ["304", "GET", "HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n\r\n"],
  ["of no length", "GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"],
])("an answer %s ends with its head", (_title, method, text) => {
  expect(read([Buffer.from(text)], method)).toMatchObject({ body: "", ended: true, reusable: true });
});

test("an answer without a length ends with its connection, which is used no more", () => {
  const answer = read([Buffer.from("HTTP/1.1 200 OK\r\n\r\nall of it")]);
  expect(answer).toMatchObject({ body: "all of it", ended: true, reusable: false });
});

test("headers that belong to the connection, or that it names, stay behind", () => {
  const text =
    "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nX-Kept: 2\r\ncontent-length: 0\r\n\r\n";
  expect(read([Buffer.from(text)])).toMatchObject({
    headers: ["X-Kept", "2", "content-length", "0"],
    reusable: false,
  });
});

test.each([
  [
    "two ways to tell its length",
    "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
  ],
  ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n"],
  ["a length that is none", "HTTP/1.1 200 OK\r\ncontent-length: -3\r\n\r\n"],
  ["another encoding", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n"],
  ["a folded header", "HTTP/1.1 200 OK\r\nx-a: 1\r\n  2\r\n\r\n"],
  ["a name with a space", "HTTP/1.1 200 OK\r\nx a: 1\r\n\r\n"],
  [
    "a chunk that is longer than it says",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n",
  ],
  ["a size that is none", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x2\r\nab\r\n"],
  ["more than its length", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabc"],
  ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
  ["switched protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ["endless headers", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(70_000)}`],
])("an answer with %s is refused", (_title, text) => {
  expect(() => read([Buffer.from(text)])).toThrow(MalformedAnswer);
});

function read(chunks: Buffer[], method = "GET") {
  const seen = { status: 0, headers: [] as string[], body: "", trailers: [] as string[], ended: false };
  const parser = new AnswerParser({
    informational: () => {},
    head(status, _reason, headers, ended) {
      Object.assign(seen, { status, headers, ended });
    },
    data(chunk, last) {
      seen.body += chunk.toString();
      seen.ended = last;
    },
    end(trailers) {
      Object.assign(seen, { trailers, ended: true });
    },
  });
  parser.expect(method);
  for (const chunk of chunks) parser.push(chunk);
  if (!seen.ended) parser.close();
  return { ...seen, reusable: parser.reusable };
}

function pieces(text: string, at: number[]): Buffer[] {
  const cuts = [0, ...at.toSorted((one, other) => one - other), text.length];
  return cuts.slice(1).map((cut, index) => Buffer.from(text.slice(cuts[index], cut)));
}

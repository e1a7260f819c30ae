/** Every channel against a real receiver on this host: what arrives, what is refused, and what is never told. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test } from "vitest";
import type { Message } from "../../domain/notification/message.ts";
import { type Destination, notificationsSchema } from "../../domain/notification/notification-settings.ts";
import type { Letter, Receipt } from "../../ports/notifier.ts";
import { createNotifier } from "./create-notifier.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const key = Buffer.alloc(32, 7).toString("base64");
const oldKey = Buffer.alloc(32, 9).toString("base64");
const secrets: Record<string, string> = { KEY: `whsec_${key}`, OLD_KEY: oldKey, SHORT: "whsec_c2hvcnQ=" };
const nasty =
  "*bold* <!channel> <https://evil.example|here> [x](https://evil.example) `code` & \u001b[31mred\u202e";

const message: Message = {
  id: "msg_0123456789012345678901234567890123456789",
  event: {
    specversion: "1.0",
    id: "a#1",
    type: "com.connectsoft.delivery.ApprovalRequested",
    data: { by: nasty },
  },
  title: "booking 1.2.0 waits for approval in production",
  lines: [nasty],
  facts: [{ name: "Release", value: "release-000001" }],
  command: "connectsoft explain trace-1",
  path: "/approvals/release-000001",
};

interface Received {
  headers: http.IncomingHttpHeaders;
  body: string;
}

async function receiver(answer: http.RequestListener = (_request, response) => response.end("ok")) {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

function destination(to: object): Destination {
  const [target] = notificationsSchema.parse([{ id: "ops", to, on: ["failed"] }]);
  if (target === undefined) throw new Error("no target");
  return target.to;
}

const webhook = (url: string, more: object = {}) =>
  destination({ webhook: { url, secret: { secret: "KEY", environment: "staging" }, ...more } });

async function send(
  to: Destination,
  options: { timeoutMs?: number; private?: boolean; letter?: Partial<Letter> } = {},
): Promise<Receipt> {
  const notifier = createNotifier({
    publicUrl: () => "https://delivery.example",
    privateAllowed: options.private ?? true,
    timeoutMs: options.timeoutMs ?? 10_000,
  });
  const reveal: Letter["reveal"] = async ({ secret }) => secrets[secret] ?? "";
  return await notifier.send(
    { to, allowPrivate: true, message, reveal, ...options.letter },
    new AbortController().signal,
  );
}

describe("a webhook", () => {
  test("gets the CloudEvent, signed so that Standard Webhooks' own verification takes it", async () => {
    const { url, received } = await receiver();
    expect(await send(webhook(url))).toEqual({ status: "sent", answer: "answered 200" });
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
    expect(headers["webhook-id"]).toBe(message.id);
    const verified = new Webhook(key).verify(body, headers as Record<string, string>);
    expect(verified).toEqual(message.event);
    expect(() => new Webhook(oldKey).verify(body, headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(key).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  test("is signed with both secrets while one takes the other's place", async () => {
    const { url, received } = await receiver();
    await send(webhook(url, { previousSecret: { secret: "OLD_KEY", environment: "staging" } }));
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    for (const one of [key, oldKey])
      expect(new Webhook(one).verify(body, headers as Record<string, string>)).toEqual(message.event);
  });

  test("is not sent with a key that is too short to sign with", async () => {
    const { url, received } = await receiver();
    const receipt = await send(webhook(url, { secret: { secret: "SHORT", environment: "staging" } }));
    expect(receipt).toMatchObject({ status: "failed", problem: expect.stringContaining("24 to 64 bytes") });
    expect(received).toEqual([]);
  });

  test("that redirects gets nothing at the other address", async () => {
    const other = await receiver();
    const { url } = await receiver((_request, response) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    expect(await send(webhook(url))).toMatchObject({
      status: "failed",
      final: false,
      problem: "answered 307: redirects are not followed",
    });
    expect(other.received).toEqual([]);
  });

  test.each([
    [400, true, undefined],
    [410, true, undefined],
    [401, false, undefined],
    [500, false, undefined],
    [503, false, true],
  ])("that answers %i", async (code, final, ofTarget) => {
    const { url } = await receiver((_request, response) => response.writeHead(code).end());
    const receipt = await send(webhook(url));
    expect(receipt).toMatchObject({ status: "failed", final, problem: `answered ${code}` });
    expect("ofTarget" in receipt ? receipt.ofTarget : undefined).toBe(ofTarget);
  });

  test("that asks for patience is understood in seconds and as a date", async () => {
    const seconds = await receiver((_request, response) =>
      response.writeHead(429, { "retry-after": "120" }).end(),
    );
    expect(await send(webhook(seconds.url))).toMatchObject({ retryAfterMs: 120_000, ofTarget: true });
    const past = await receiver((_request, response) =>
      response.writeHead(429, { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }).end(),
    );
    expect(await send(webhook(past.url))).toMatchObject({ retryAfterMs: 0 });
  });

  test("that never answers ends with its time", async () => {
    const { url } = await receiver(() => undefined);
    expect(await send(webhook(url), { timeoutMs: 50 })).toMatchObject({
      status: "failed",
      problem: "no answer within 50 ms",
    });
  });

  test("whose answer has no end is cut off, and the message has arrived", async () => {
    const cut = Promise.withResolvers<void>();
    const { url } = await receiver((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        if (!response.destroyed) response.once("drain", more);
      };
      response.on("close", cut.resolve);
      more();
    });
    expect(await send(webhook(url))).toMatchObject({ status: "sent" });
    await cut.promise;
  });
});

describe("an address", () => {
  test.each([
    "http://127.0.0.1:1",
    "http://localhost:1",
    "https://10.1.2.3",
    "https://[::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[fd00::1]",
    "https://2130706433",
  ])("%s of this host or a private network gets nothing where that is not allowed", async (url) => {
    const closed = await send(webhook(url), { letter: { allowPrivate: false } });
    expect(closed).toMatchObject({ status: "failed", problem: expect.stringMatching(/private network/) });
    expect(await send(webhook(url), { private: false })).toMatchObject(closed);
  });

  test.each([
    "http://169.254.169.254",
    "http://[fe80::1]",
    "http://0.0.0.0",
    "http://[64:ff9b::7f00:1]",
    "http://[::ffff:169.254.169.254]",
  ])("%s gets nothing, whatever is allowed", async (url) => {
    expect(await send(webhook(url))).toMatchObject({
      status: "failed",
      problem: expect.stringContaining("nothing is ever sent to"),
    });
  });

  test("of e-mail is held to the same", async () => {
    const email = { host: "127.0.0.1", port: 1, security: "none", from: "a@b.example", to: ["c@d.example"] };
    const receipt = await send(destination({ email }), { letter: { allowPrivate: false } });
    expect(receipt).toMatchObject({ problem: expect.stringContaining("private network") });
  });
});

describe("a chat", () => {
  const chat = (channel: "slack" | "teams") =>
    destination({ [channel]: { url: { secret: "CHAT", environment: "staging" } } });

  test("of Slack gets blocks in which nothing that others wrote is markup", async () => {
    const { url, received } = await receiver();
    secrets.CHAT = url;
    expect(await send(chat("slack"))).toMatchObject({ status: "sent" });
    const body = JSON.parse(received[0]?.body ?? "{}");
    expect(body.text).toBe(message.title);
    expect(body.blocks.map(({ type }: { type: string }) => type)).toEqual([
      "header",
      "section",
      "section",
      "rich_text",
      "actions",
      "context",
    ]);
    expect(textsOf(body.blocks, "mrkdwn")).toEqual([]);
    expect(textsOf(body.blocks, "plain_text").join("\n")).toContain("*bold* <!channel>");
    expect(received[0]?.body).not.toMatch(/\\u001b|\u202e/);
    expect(received[0]?.body).toContain("https://delivery.example/approvals/release-000001");
    expect(received[0]?.body).toContain("connectsoft explain trace-1");
  });

  test("of Slack reads no mention in the line that it shows where blocks are not", async () => {
    const { url, received } = await receiver();
    secrets.CHAT = url;
    await send(chat("slack"), { letter: { message: { ...message, title: "a <!channel> & <@U1>" } } });
    expect(JSON.parse(received[0]?.body ?? "{}").text).toBe("a &lt;!channel&gt; &amp; &lt;@U1&gt;");
  });

  test("of Teams gets an Adaptive Card of runs of text, which know no Markdown", async () => {
    const { url, received } = await receiver((_request, response) => response.writeHead(202).end());
    secrets.CHAT = url;
    expect(await send(chat("teams"))).toEqual({ status: "sent", answer: "answered 202" });
    const [attachment] = JSON.parse(received[0]?.body ?? "{}").attachments;
    expect(attachment.contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(new Set(attachment.content.body.map(({ type }: { type: string }) => type))).toEqual(
      new Set(["RichTextBlock"]),
    );
    expect(textsOf(attachment.content.body, "TextRun").join("\n")).toContain("[x](https://evil.example)");
    expect(attachment.content.actions).toEqual([
      {
        type: "Action.OpenUrl",
        title: "Open in Studio",
        url: "https://delivery.example/approvals/release-000001",
      },
    ]);
  });

  test("that is away is told of without its address, which is a secret", async () => {
    const server = net.createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    secrets.CHAT = `http://127.0.0.1:${port}/services/T00/B00/very-secret`;
    const receipt = await send(chat("slack"));
    expect(receipt).toMatchObject({
      status: "failed",
      ofTarget: true,
      problem: expect.stringContaining("ECONNREFUSED"),
    });
    expect(JSON.stringify(receipt)).not.toContain("very-secret");
  });

  test("whose secret is no address is told of without it", async () => {
    secrets.CHAT = "not an address: hunter22";
    const receipt = await send(chat("slack"));
    expect(receipt).toMatchObject({ problem: "the secret CHAT is no address: expected https://..." });
  });
});

function textsOf(node: unknown, type: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = "type" in node && node.type === type && "text" in node ? [String(node.text)] : [];
  return [...own, ...Object.values(node).flatMap((one) => textsOf(one, type))];
}

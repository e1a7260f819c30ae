/** E-mail through a real SMTP server on this host: encrypted, with a login, and nothing that can become a header or a tag. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Message } from "../../../domain/notification/message.ts";
import { notificationsSchema } from "../../../domain/notification/notification-settings.ts";
import type { Receipt } from "../../../ports/notifier.ts";
import { createNotifier } from "../create-notifier.ts";

let directory: string;
let tls: { key: string; cert: string };
const closing: (() => void)[] = [];

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "smtp-"));
  const file = (name: string) => path.join(directory, name);
  execFileSync(
    "openssl",
    // biome-ignore format: one flag beside its value.
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
      "-keyout", file("key.pem"), "-out", file("cert.pem")],
    { stdio: "ignore" },
  );
  tls = { key: readFileSync(file("key.pem"), "utf8"), cert: readFileSync(file("cert.pem"), "utf8") };
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Mail {
  from: string;
  to: string[];
  raw: string;
  secure: boolean;
  user: string | undefined;
}

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...tls,
    onAuth({ username = "", password }, _session, done) {
      if (password === "correct horse") done(null, { user: username });
      else done(new Error(`no, not with ${password}`));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString("utf8"),
          secure: session.secure,
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  closing.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const message: Message = {
  id: "msg_0123456789012345678901234567890123456789",
  event: {},
  title: "booking waits\r\nBcc: everybody@evil.example\r\n\r\n<script>alert(1)</script>",
  lines: ['<img src=x onerror="steal()"> & more\r\n.\r\nMAIL FROM:<x@evil.example>'],
  facts: [{ name: "Release", value: "release-000001" }],
  command: "connectsoft explain trace-1",
  path: "/approvals/release-000001",
};

async function send(
  email: object,
  { password = "correct horse", timeoutMs = 10_000 } = {},
): Promise<Receipt> {
  const [target] = notificationsSchema.parse([
    {
      id: "people",
      to: { email: { host: "localhost", from: "delivery@acme.example", to: ["ops@acme.example"], ...email } },
      on: ["failed"],
    },
  ]);
  if (target === undefined) throw new Error("no target");
  const notifier = createNotifier({
    ...{ publicUrl: () => "https://delivery.example", privateAllowed: true, timeoutMs },
    ca: tls.cert,
  });
  const reveal = async () => password;
  return await notifier.send(
    { to: target.to, allowPrivate: true, message, reveal },
    new AbortController().signal,
  );
}

const login = { user: "delivery", password: { secret: "SMTP_PASSWORD", environment: "staging" } };

test("goes encrypted after STARTTLS with a login, as text and as HTML, under a stable id", async () => {
  const { port, mails } = await mailServer();
  expect(await send({ port, ...login })).toMatchObject({ status: "sent" });
  const [mail] = mails;
  expect(mail).toMatchObject({
    secure: true,
    user: "delivery",
    from: "delivery@acme.example",
    to: ["ops@acme.example"],
  });
  expect(mail?.raw).toContain(`Message-ID: <${message.id}@acme.example>`);
  expect(mail?.raw).toContain("Content-Type: text/plain");
  expect(mail?.raw).toContain("Content-Type: text/html");
});

test("goes encrypted from the first byte where the server wants that", async () => {
  const { port, mails } = await mailServer({ secure: true });
  expect(await send({ port, security: "tls", ...login })).toMatchObject({ status: "sent" });
  expect(mails).toHaveLength(1);
});

test("lets nobody who wrote a title or a comment write a header, a receiver or a tag", async () => {
  const { port, mails } = await mailServer({ disabledCommands: ["STARTTLS", "AUTH"] });
  expect(await send({ port, security: "none" })).toMatchObject({ status: "sent" });
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  expect(mail?.to).toEqual(["ops@acme.example"]);
  const raw = (mail?.raw ?? "").replaceAll("=\r\n", "");
  const headers = raw.slice(0, raw.indexOf("\r\n\r\n"));
  expect(headers).not.toMatch(/^bcc:/im);
  expect(headers).toMatch(/^Subject: booking waits Bcc: everybody@evil\.example/m);
  const html = raw.slice(raw.indexOf("text/html"));
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain("&lt;script&gt;");
});

test("does not go in the clear where encryption was asked for and the server has none", async () => {
  const { port, mails } = await mailServer({ disabledCommands: ["STARTTLS"], authOptional: true });
  expect(await send({ port })).toMatchObject({ status: "failed", final: false });
  expect(mails).toEqual([]);
});

test("does not go to a server that shows a certificate of somebody else", async () => {
  const { port, mails } = await mailServer();
  const receipt = await send({ port, host: "127.0.0.1", ...login });
  expect(receipt).toMatchObject({ status: "failed", problem: expect.stringMatching(/altnames|IP/i) });
  expect(mails).toEqual([]);
});

test("with the wrong password is tried again later, and the password is told nowhere", async () => {
  const { port } = await mailServer();
  const receipt = await send({ port, ...login }, { password: "hunter2-hunter2" });
  expect(receipt).toMatchObject({ status: "failed", final: false, ofTarget: true });
  expect(JSON.stringify(receipt)).not.toContain("hunter2");
  expect(JSON.stringify(receipt)).toContain("[redacted]");
});

test("that the server refuses for good is not tried again", async () => {
  const { port } = await mailServer({
    authOptional: true,
    onRcptTo: (_address, _session, done) =>
      done(Object.assign(new Error("no such mailbox"), { responseCode: 550 })),
  });
  expect(await send({ port })).toMatchObject({
    status: "failed",
    final: true,
    problem: expect.stringContaining("no such mailbox"),
  });
});

test("ends with its time where the server says a byte now and then and nothing else", async () => {
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    const drip = setInterval(() => socket.write("2"), 5);
    socket.on("close", () => clearInterval(drip));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  expect(await send({ port }, { timeoutMs: 100 })).toMatchObject({
    status: "failed",
    problem: "no answer within 100 ms",
  });
  await expect.poll(() => [...open].every((socket) => socket.destroyed)).toBe(true);
});

/** E-mail by SMTP. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Receipt } from "../../../ports/notifier.ts";
import type { Delivery } from "../delivery.ts";
import type { PostOptions } from "../post-json.ts";
import { reachableAddresses, Unreachable } from "../reachable-addresses.ts";
import { emailOf } from "./email-of.ts";

const timeoutMs = 10_000;
const usualPorts = { tls: 465, starttls: 587, none: 25 };

export async function sendEmail({ letter, reveal, post, address }: Delivery): Promise<Receipt> {
  const { email } = letter.to;
  if (email === undefined) throw new Unreachable("it names no e-mail server");
  const { host, port, security, user, password } = email;
  const pass = password === undefined ? undefined : await reveal(password);
  const connection = await open(host, port ?? usualPorts[security], post);
  // Loaded by who sends mail, not by every server that starts.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    connection,
    // Whose certificate it must be.
    host,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user !== undefined && pass !== undefined && { auth: { user, pass } }),
    ...(post.ca !== undefined && { tls: { ca: post.ca } }),
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail(
      emailOf(letter.message, { from: email.from, to: email.to, address }),
    );
    const left = sent.rejected.length === 0 ? "" : `, refused ${sent.rejected.length} of the receivers`;
    return { status: "sent", answer: `${sent.response}${left}` };
  } catch (error) {
    if (post.signal.aborted) throw error;
    return failureOf(error as SmtpError);
  } finally {
    transport.close();
    connection.destroy();
  }
}

/** Of ours, so that it ends with its time whatever the server does. */
async function open(host: string, port: number, { allowPrivate, signal }: PostOptions): Promise<Socket> {
  const [found] = await reachableAddresses(host, allowPrivate);
  const socket = connect({ host: found?.address ?? host, port, signal });
  // Before it is connected the error is the answer; later whoever talks on it hears of it.
  await once(socket, "connect", { signal });
  socket.on("error", () => undefined);
  return socket;
}

type SmtpError = Error & { code?: string; responseCode?: number };

/** 5xx of the envelope or the message will be said again (RFC 5321, 4.2.1); of a login it may not. */
function failureOf({ message, code, responseCode = 0 }: SmtpError): Receipt {
  const ofMessage = code === "EENVELOPE" || code === "EMESSAGE";
  return {
    status: "failed",
    problem: message,
    final: ofMessage && responseCode >= 500,
    ofTarget: !ofMessage,
  };
}

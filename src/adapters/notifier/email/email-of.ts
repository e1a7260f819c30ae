/** A message as an e-mail: plain text, and the same in simple HTML. Nothing of it can become a header or a tag. */

import type { SendMailOptions } from "nodemailer";
import { htmlText } from "../../../domain/html-text.ts";
import { harmlessLine } from "../../../domain/notification/harmless-text.ts";
import type { Message } from "../../../domain/notification/message.ts";

export function emailOf(
  message: Message,
  { from, to, address }: { from: string; to: string[]; address: string },
): SendMailOptions {
  const { id, title } = message;
  return {
    from: { name: "", address: from },
    to: to.map((one) => ({ name: "", address: one })),
    subject: harmlessLine(title, 140),
    messageId: `<${id}@${from.slice(from.indexOf("@") + 1)}>`,
    // Nobody's absence is answered to a machine (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated", "X-Notification-Id": id },
    text: textOf(message, address),
    html: htmlOf(message, address),
  };
}

function textOf({ id, title, lines, facts, command }: Message, address: string): string {
  return [
    title,
    "",
    ...lines.flatMap((line) => [line, ""]),
    ...facts.map(({ name, value }) => `${name}: ${value}`),
    "",
    ...(command === undefined ? [] : [command]),
    address,
    "",
    id,
  ].join("\n");
}

function htmlOf({ id, title, lines, facts, command }: Message, address: string): string {
  const rows = facts.map(
    ({ name, value }) => `<tr><th align="left">${htmlText(name)}</th><td>${htmlText(value)}</td></tr>`,
  );
  return [
    "<!doctype html><html><body>",
    `<h2>${htmlText(title)}</h2>`,
    ...lines.map((line) => `<p>${htmlText(line).replaceAll("\n", "<br>")}</p>`),
    `<table>${rows.join("")}</table>`,
    command === undefined ? "" : `<pre>${htmlText(command)}</pre>`,
    `<p><a href="${htmlText(address)}">${htmlText(address)}</a></p>`,
    `<p><small>${htmlText(id)}</small></p>`,
    "</body></html>",
  ].join("\n");
}

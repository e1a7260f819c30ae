/**
 * A message as an Adaptive Card (schema 1.4, https://adaptivecards.io). Every text stands in a TextRun, the one element
 * in which Markdown means nothing.
 */
import { harmlessLine, harmlessText } from "../../../domain/notification/harmless-text.ts";
import type { Message } from "../../../domain/notification/message.ts";

export function teamsBody({ id, title, lines, facts, command }: Message, address: string): object {
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    fallbackText: harmlessLine(title),
    body: [
      block([run(title, { size: "large", weight: "bolder" })]),
      ...lines.map((line) => block([run(harmlessText(line, 1_000))])),
      ...facts.map(({ name, value }) => block([run(`${name}: `, { weight: "bolder" }), run(value)])),
      ...(command === undefined ? [] : [block([run(command, { fontType: "monospace" })])]),
      block([run(id, { size: "small", isSubtle: true })]),
    ],
    actions: [{ type: "Action.OpenUrl", title: "Open in Studio", url: address }],
    msteams: { width: "Full" },
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  return { type: "message", attachments: [{ contentType, contentUrl: null, content }] };
}

function block(inlines: object[]): object {
  return { type: "RichTextBlock", inlines };
}

function run(text: string, look: object = {}): object {
  return { type: "TextRun", text, ...look };
}

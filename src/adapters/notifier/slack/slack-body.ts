/**
 * A message in Slack's Block Kit (https://docs.slack.dev/reference/block-kit), within its limits. What others wrote is
 * `plain_text` or preformatted text, in which nothing is markup, a mention or a link.
 */
import { harmlessLine, harmlessText } from "../../../domain/notification/harmless-text.ts";
import type { Message } from "../../../domain/notification/message.ts";

export function slackBody({ id, title, lines, facts, command }: Message, address: string): object {
  return {
    // Shown where blocks are not, and read as mrkdwn.
    text: escaped(title),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: "header", text: plain(harmlessLine(title, 150)) },
      ...(lines.length === 0
        ? []
        : [{ type: "section", text: plain(harmlessText(lines.join("\n"), 2_900)) }]),
      {
        type: "section",
        fields: facts.slice(0, 10).map(({ name, value }) => plain(harmlessText(`${name}: ${value}`, 1_900))),
      },
      ...(command === undefined ? [] : [preformatted(command)]),
      {
        type: "actions",
        elements: [
          { type: "button", text: plain("Open in Studio"), url: address, action_id: "open-in-studio" },
        ],
      },
      { type: "context", elements: [plain(id)] },
    ],
  };
}

function plain(text: string): object {
  return { type: "plain_text", text, emoji: false };
}

function preformatted(text: string): object {
  const elements = [{ type: "text", text: harmlessLine(text, 500) }];
  return { type: "rich_text", elements: [{ type: "rich_text_preformatted", elements }] };
}

/** What mrkdwn takes for mentions and links begins with one of these. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

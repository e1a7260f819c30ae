/** HTML from text: whatever a person or an agent wrote is text here and never markup. */
import { htmlText } from "../../html-text.ts";
import { visibleText } from "../visible-text.ts";

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | undefined | readonly Content[];

/** A tagged template: what is put in is escaped, unless it is Html already. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(parts.reduce((text, part, index) => text + markup(contents[index - 1]) + part));
}

export function table(heads: readonly string[], rows: readonly (readonly Content[])[]): Html {
  if (rows.length === 0) return html`<p class="none">none</p>`;
  return html`<table><thead><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table>`;
}

function markup(content: Content): string {
  if (content instanceof Html) return content.text;
  if (content === undefined) return "";
  if (typeof content === "object") return content.map(markup).join("");
  return htmlText(visibleText(String(content)));
}

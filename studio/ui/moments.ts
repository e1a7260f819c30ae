/** Moments within a sentence of the server, which tells them in UTC because it does not know where its reader is. */

export interface Moment {
  /** ISO 8601. */
  at: string;
}

const written =
  /(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z| (\d\d:\d\d(?::\d\d)?) UTC)/g;

/** The sentence in order: its words, and the moments between them. */
export function momentsIn(sentence: string): (string | Moment)[] {
  const parts: (string | Moment)[] = [];
  let end = 0;
  for (const { 0: text, 1: day, 2: exact, 3: short, index } of sentence.matchAll(written)) {
    const at = `${day}T${exact ?? short}Z`;
    if (Number.isNaN(Date.parse(at))) continue;
    if (index > end) parts.push(sentence.slice(end, index));
    parts.push({ at });
    end = index + text.length;
  }
  if (end < sentence.length) parts.push(sentence.slice(end));
  return parts;
}

/** What a clock that ticks now and then shows beside a moment: nothing that has happened lies ahead of it. */
export function clockBeside(moment: number, ticked: number, now: number): number {
  return Math.max(ticked, Math.min(moment, now));
}

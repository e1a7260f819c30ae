/** Takes values that nobody may read out of texts: as they are, line by line, and as JSON and addresses write them. */

/** Shorter values stand in too many places by accident. */
const shortest = 4;

export function redactValues(values: readonly string[]): (text: string) => string {
  const parts = values.flatMap((value) => [value, ...value.split(/\r?\n/)]);
  const written = parts.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    encodeURIComponent(part),
  ]);
  const hidden = [...new Set(written)]
    .filter((one) => one.length >= shortest)
    .sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((redacted, one) => redacted.replaceAll(one, "[redacted]"), text);
}

/** A CloudEvent as HTTP carries it (CloudEvents' HTTP binding 1.0.2): in its body, or in `ce-` headers around its data. */
import { refuse } from "../domain/refusal.ts";

export function readCloudEvent(headers: Headers, text: string): object {
  const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type.startsWith("application/cloudevents"))
    return objectIn(text, "Send the event as a JSON object: content-type application/cloudevents+json.");
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of headers) if (name.startsWith("ce-")) attributes[name.slice(3)] = decode(value);
  if (attributes.specversion === undefined)
    throw refuse(
      "InputInvalid",
      "This is no CloudEvent: neither content-type application/cloudevents+json nor a ce-specversion header.",
      "See docs/how-to/evidence-from-ci.md.",
    );
  const data = text === "" ? {} : objectIn(text, "Send the event's data as a JSON object.");
  return { ...attributes, datacontenttype: type === "" ? "application/json" : type, data };
}

/** Header values are percent-encoded where they hold more than printable ASCII. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function objectIn(text: string, next: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Said below.
  }
  throw refuse("InputInvalid", "body: expected a JSON object.", next);
}

/** What a booking must look like; every problem is named with its field, all of them at once. */
const longestMs = 31 * 24 * 60 * 60 * 1000;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** `{ request }` with times in UTC, or `{ problems }`. */
export function parseBooking(body) {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return { problems: [{ field: "", message: "expected a JSON object with resource, guest, from and to" }] };
  const problems = [];
  const resource = body.resource;
  const guest = typeof body.guest === "string" ? body.guest.trim() : "";
  const from = timeOf("from");
  const to = timeOf("to");

  if (typeof resource !== "string" || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(resource))
    report("resource", "expected lower-case letters, digits and hyphens, such as room-12");
  if (guest === "" || guest.length > 100) report("guest", "expected a name of 1 to 100 characters");
  if (from !== undefined && to !== undefined) {
    if (from >= to) report("to", "expected a time after from");
    else if (to - from > longestMs) report("to", "expected at most 31 days after from");
  }
  for (const field of Object.keys(body))
    if (!["resource", "guest", "from", "to"].includes(field)) report(field, "unknown field");

  if (problems.length > 0) return { problems };
  return { request: { resource, guest, from: from.toISOString(), to: to.toISOString() } };

  function timeOf(field) {
    const time = instant.test(body[field]) ? new Date(body[field]) : undefined;
    if (time !== undefined && !Number.isNaN(time.getTime())) return time;
    report(field, "expected a time with zone, such as 2026-03-01T10:00:00Z");
    return undefined;
  }

  function report(field, message) {
    problems.push({ field, message });
  }
}

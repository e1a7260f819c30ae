/** What the program says of a delivery, asked for as a person does. */
import { expect } from "vitest";
import type { FailureDetails } from "../../../../src/operations/describe-failure.ts";
import type { Installation } from "../../../e2e/support/installation.ts";

export interface Told {
  status: string;
  explain: string;
  failure: string;
  details: FailureDetails;
}

export async function toldOf(site: Installation, trace: string): Promise<Told> {
  const [status = "", explain = "", failure = "", details = ""] = await Promise.all([
    site.ok(["status", trace]),
    site.ok(["explain", trace]),
    site.ok(["failure", trace]),
    site.ok(["failure", trace, "--json"]),
  ]);
  return { status, explain, failure, details: JSON.parse(details) };
}

/** What happened, who is served, what to do: in this order, and each says the same thing. */
export function expectCalm({ status, explain, failure, details }: Told, why: RegExp): void {
  const [what, now, next] = failure.split("\n");
  expect(what).toMatch(
    / 2\.0\.0 \(release-\d+\) in [a-z]+ failed and was taken back: 1\.0\.0 serves (on|again)\.$/,
  );
  expect(now).toMatch(/ is served by [a-z-]+ 1\.0\.0 \(release-\d+\), healthy\.$/);
  expect(next).toMatch(/^next: /);
  for (const text of [status, explain, failure]) expect(text).toMatch(why);
  expect(details.running?.filter(({ traffic }) => traffic)).toMatchObject([
    { version: "1.0.0", state: "serving" },
  ]);
}

/** What the pictures show: modules of a small product, some live, one that failed, one that waits for two people. */
import type { StudioSite } from "../../test/browser/support/studio-site.ts";
import { only } from "../../test/e2e/support/events.ts";
import { writeModule } from "../../test/e2e/support/modules.ts";

const said = "read the change and its tests; staging looks right";

export async function tellStory(site: StudioSite): Promise<{ trace: string; waiting: string }> {
  const as = async (person: string) => ({ env: { CONNECTSOFT_TOKEN: await site.tokenOf(person) } });
  const jane = await as("jane");
  const deliver = async (id: string, version: string, flags: string[] = [], files = {}) => {
    const folder = await writeModule(site.desk, { id, version, files });
    return site.deliver(folder, flags, jane);
  };
  const approve = async (releaseId: string) => {
    for (const person of ["max", "olga"])
      await site.studio(["approve-release", releaseId, "--comment", said], await as(person));
  };
  const production = (events: Awaited<ReturnType<typeof deliver>>["events"]) => {
    const proposed = events.filter(
      ({ type, environment }) => type.endsWith("ReleaseProposed") && environment === "production",
    );
    return String(proposed.at(-1)?.data.releaseId);
  };

  await deliver("guests", "1.0.0", ["--env", "staging"]);
  const first = await deliver("rooms", "1.0.0");
  await approve(production(first.events));
  await site.follow(first.trace);
  const broken = { "server.js": "process.exit(1);\n" };
  await deliver("payments", "0.3.0", ["--env", "staging"], broken);
  const invoices = await deliver("invoices", "2.1.0");
  only(invoices.events, "ApprovalRequested");
  const next = await deliver("rooms", "1.1.0");
  const waiting = production(next.events);
  await site.studio(["comment", waiting, "--comment", "load on staging was as before"], jane);
  const year = ["--from", "2026-12-19T00:00", "--to", "2027-01-04T07:00", "--zone", "Europe/Berlin"];
  await site.ok(["freeze", "set", "--reason", "Year end", ...year, "--env", "production"], await as("max"));
  return { trace: next.trace, waiting };
}

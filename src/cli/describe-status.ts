/** A delivery's status as a person reads it. */
import { spanBetween } from "../domain/time-text.ts";
import type { DeliveryStatus } from "../operations/get-delivery.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

export function describeStatus(cli: Cli, status: DeliveryStatus): string[] {
  const { bold, dim } = cli.colors;
  const { subject, version, sponsor, explanation } = status;
  const now = new Date().toISOString();
  const since =
    status.startedAt === undefined ? "" : `, handed over ${spanBetween(status.startedAt, now)} ago`;
  const rows = status.instances.map(({ instance, states, since: from, releaseId = "", url = "" }) => [
    instance,
    states.join(", "),
    dim(spanBetween(from, now)),
    releaseId,
    url,
  ]);
  return [
    `${bold(`${subject.moduleId} ${version ?? ""}`)}  ${subject.traceId}`,
    dim(`tenant ${subject.tenantId}${sponsor === undefined ? "" : `, sponsor ${sponsor}`}${since}`),
    "",
    ...table(rows, "  "),
    "",
    explanation.sentence,
    ...(explanation.command === undefined ? [] : [`${bold("next:")} ${explanation.command}`]),
  ];
}

/** A delivery's status as a person reads it. */
import { spanBetween } from "../domain/time-text.ts";
import type { DeliveryStatus } from "../operations/get-delivery.ts";
import type { Cli } from "./cli.ts";
import { describeWayOn } from "./describe-way-on.ts";
import { plainLine } from "./plain-text.ts";
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
    ...linksOf(status).map(dim),
    "",
    ...table(rows, "  "),
    "",
    explanation.sentence,
    ...describeWayOn(cli, explanation),
  ];
}

function linksOf({ supersedes = [], supersededBy }: DeliveryStatus): string[] {
  return [
    ...supersedes.map(
      ({ traceId, asked }) => `in place of ${traceId}${asked === undefined ? "" : `: ${plainLine(asked)}`}`,
    ),
    ...(supersededBy === undefined
      ? []
      : [`superseded by ${supersededBy}: connectsoft status ${supersededBy}`]),
  ];
}

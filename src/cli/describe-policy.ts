/** Changes of policy, and what holds, for people to read. */
import { momentText } from "../domain/time-text.ts";
import type { Proposed } from "../operations/policy-changes/change-policy.ts";
import type { Applied } from "../operations/policy-changes/declared.ts";
import type { ListedProposal, PolicyVersion } from "../operations/policy-changes/list-policies.ts";
import type { PolicyDiff, ShownPolicy } from "../operations/policy-changes/look-at-policy.ts";
import type { Cli } from "./cli.ts";
import { plainLine } from "./plain-text.ts";
import { table } from "./table.ts";

export function describeOutcome(cli: Cli, outcome: Applied | Proposed): string[] {
  const changes = outcome.changes.map((line) => `  ${line}`);
  if ("version" in outcome) {
    const how = outcome.how === "as it was" ? "" : ` (${outcome.how})`;
    return [`${outcome.tenantId} is at version ${outcome.version}${how}.`, ...changes];
  }
  const { proposal, expires, mayConfirm } = outcome;
  return [
    `${proposal} is proposed, and holds when a second person has confirmed it, by ${momentText(expires)}.`,
    ...changes,
    `${cli.colors.bold("next:")} ${mayConfirm.join(" or ")}: connectsoft policy confirm ${proposal}`,
  ];
}

export function describeProposals(cli: Cli, proposals: ListedProposal[]): string[] {
  if (proposals.length === 0) return ["Nothing was proposed."];
  return proposals.flatMap((one) => [
    `${cli.colors.bold(one.id)}  ${stateText(one)}`,
    `  by ${one.by} at ${momentText(one.at)}: ${plainLine(one.reason) || "no reason given"}`,
    ...one.changes.map((line) => `    ${line}`),
  ]);
}

function stateText({ is, mayConfirm, expires, from, outdated }: ListedProposal): string {
  if (outdated) return `was made of version ${from.version}, and another holds by now: propose it again`;
  switch (is.state) {
    case "open":
      return `waits for ${mayConfirm.join(" or ") || "somebody who may"}, until ${momentText(expires)}`;
    case "expired":
      return `expired at ${momentText(expires)}`;
    case "rejected":
      return `rejected by ${is.by}: ${plainLine(is.comment)}`;
    case "confirmed":
      return is.applied
        ? `confirmed by ${is.by}`
        : `confirmed by ${is.by}, and not in force yet: confirm it again`;
  }
}

export function describeVersions(cli: Cli, versions: PolicyVersion[]): string[] {
  return versions.flatMap(({ version, digest, by, at, how, reason, proposedBy, changes }) => {
    const from = proposedBy === undefined ? "" : `, proposed by ${proposedBy}`;
    const made = version === 1 ? "when the tenant was made" : "not by an act that is on record";
    const told = how ?? made;
    return [
      `${cli.colors.bold(`version ${version}`)}  ${by} at ${momentText(at)}${from} (${told})  ${cli.colors.dim(digest.slice(0, 19))}`,
      ...(reason ? [`  ${plainLine(reason)}`] : []),
      ...changes.map((line) => `    ${line}`),
    ];
  });
}

export function describeDiff(cli: Cli, { from, to, lines, lockOuts }: PolicyDiff): string[] {
  const nothing = lines.length === 0 ? ["  nothing that anybody would notice"] : [];
  return [
    cli.colors.bold(`${from} -> ${to}`),
    ...lines.map((line) => `  ${line}`),
    ...nothing,
    ...lockOuts.map((line) => `${cli.colors.red("locks out:")} ${line}`),
  ];
}

export function describePolicy(cli: Cli, shown: ShownPolicy): string[] {
  const { policy, digest, sources, notes, compliance } = shown;
  const rows = Object.entries(policy)
    .filter(([key, value]) => key !== "environment" && value !== undefined)
    .map(([key, value]) => [key, JSON.stringify(value), sources[key] ?? "default"]);
  return [
    `${cli.colors.bold(policy.environment)}  ${digest}`,
    ...(compliance === null ? [] : [`compliance mode: ${compliance}`]),
    ...table([["key", "value", "declared by"], ...rows]),
    ...notes.map((note) => `${cli.colors.yellow("note:")} ${note}`),
  ];
}

/** Environments in words, for the terminal. */
import type { Change } from "../domain/environment/resource.ts";
import type { PlannedRequest, ShownEnvironment } from "../operations/environments/describe-environments.ts";
import { table } from "./table.ts";

const signs = { create: "+", update: "~", delete: "-" } as const;

export function changeLines(changes: readonly Change[]): string[] {
  return changes.map(
    ({ action, kind, name, detail }) =>
      `${signs[action]} ${action} ${kind} ${name}${detail === undefined ? "" : ` (${detail})`}`,
  );
}

/** What each part would change, what it waits for, or why it cannot be planned. */
export function planLines(environment: string, planned: readonly PlannedRequest[]): string[] {
  return planned.flatMap(({ moduleId = environment, changes, wanting, refused }) => {
    const lines = [
      ...(refused === undefined
        ? []
        : [`${refused.code}: ${refused.message}`, `next: ${refused.next ?? ""}`]),
      ...wanting.flatMap(({ message, next }) => [`waits: ${message}`, `next: ${next}`]),
      ...changeLines(changes),
    ];
    return [
      `${moduleId}:${lines.length === 0 ? " nothing to change" : ""}`,
      ...lines.map((line) => `  ${line}`),
    ];
  });
}

export function environmentLines({ environment, wants, record, missing }: ShownEnvironment): string[] {
  const head = [["environment", environment + (wants === null ? " (not in tenant.yaml any more)" : "")]];
  if (record === null)
    return [
      ...table(head),
      `Nothing is provisioned there yet. A delivery provisions it, or: connectsoft provision --env ${environment}`,
    ];
  const destroying = record.destroying;
  const rows = [
    ...head,
    ["namespace", record.namespace],
    ["since", record.allocatedAt],
    ...record.quotas.map(({ quota, value, words }) => [`quota ${quota}`, `${value}, ${words}`]),
    ...record.resources
      .filter(({ kind }) => kind === "shared" || kind === "dns")
      .map(({ kind, name }) => [kind, name]),
    ...record.modules.flatMap(({ moduleId, editionId, hosts, paths, storage }) => [
      ["module", editionId === undefined ? moduleId : `${moduleId} (${editionId})`],
      ...hosts.map((host) => ["  host", host]),
      ...paths.map((path) => ["  path", path]),
      ["  storage", storage],
    ]),
  ];
  return [
    ...table(rows),
    ...missing.flatMap(({ message, next }) => [`SecretsMissing: ${message}`, `next: ${next}`]),
    ...(destroying === undefined
      ? []
      : [
          `It is being destroyed by ${destroying.by} since ${destroying.at}.`,
          `next: Let it finish: connectsoft env destroy ${environment} --reason "..."`,
        ]),
  ];
}

/** Freezes, and a release that one holds, as people read them. */
import { alternatives, momentText } from "../domain/time-text.ts";
import type { FrozenRelease } from "../operations/freezes/frozen-release.ts";
import type { ListedFreeze } from "../operations/freezes/list-freezes.ts";
import type { Cli } from "./cli.ts";
import { digestRows } from "./describe-pending.ts";
import { plainLine } from "./plain-text.ts";
import { table } from "./table.ts";

export function describeFreezes(cli: Cli, freezes: ListedFreeze[]): string[] {
  if (freezes.length === 0) return ["Nothing is frozen, and nothing is going to be."];
  const { bold, dim, yellow } = cli.colors;
  const marks = { active: yellow("frozen"), coming: "coming", over: dim("over") };
  return freezes.flatMap((freeze) => {
    const { id, reason, state, words, rrule, setBy, liftAsked } = freeze;
    const by = setBy === undefined ? "declared in tenant.yaml" : `set by ${setBy.person}`;
    return [
      `${marks[state]}  ${bold(id)}  ${reason}`,
      `  ${words ?? "holds nothing any more"}${rrule === undefined ? "" : dim(`  ${rrule}`)}`,
      `  ${scopeText(freeze)}; ${by}`,
      ...(liftAsked === undefined
        ? []
        : [
            `  ${liftAsked.by} wants it lifted (${liftAsked.reason}): connectsoft freeze lift ${id} --reason "..."`,
          ]),
    ];
  });
}

function scopeText({ environments, modules, editions }: ListedFreeze): string {
  const parts = [
    environments === undefined ? "every environment" : environments.join(", "),
    ...(modules === undefined ? [] : [`modules ${modules.join(", ")}`]),
    ...(editions === undefined ? [] : [`editions ${editions.join(", ")}`]),
  ];
  return parts.join("; ");
}

/** What an override would decide. */
export function describeFrozenRelease(cli: Cli, view: FrozenRelease): string[] {
  const { bold, dim, yellow } = cli.colors;
  const { asked } = view;
  return [
    `${bold(view.releaseId)}  ${view.moduleId} ${view.version} for ${bold(view.environment)}`,
    ...table(
      [
        [yellow("frozen"), `${view.end} (${view.reasons})`],
        ["trace", view.traceId],
        ["sponsor", view.sponsor],
        [
          "may ask",
          view.mayOverride.length === 0
            ? "nobody"
            : `${alternatives(view.mayOverride)} with the claim override.freeze`,
        ],
        ["confirms", `a ReleaseManager: ${view.mayConfirm.join(", ") || "nobody holds that role yet"}`],
        ...(asked === undefined
          ? []
          : [["asked by", `${asked.by}, until ${momentText(asked.expiresAt)}: ${plainLine(asked.reason)}`]]),
        ...digestRows(view.digests).map(([name, value]) => [name, dim(value)]),
      ],
      "  ",
    ),
  ];
}

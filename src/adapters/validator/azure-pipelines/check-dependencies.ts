/** Stages depend on stages, jobs on jobs of their stage; no two have one name. */
import type { AzureReport } from "./azure-report.ts";
import type { PipelinePart } from "./pipeline-parts.ts";

export function checkDependencies(parts: PipelinePart[], report: AzureReport): void {
  for (const part of parts) {
    if (part.kind === "step") continue;
    const beside = parts.filter(({ kind, within }) => kind === part.kind && within === part.within);
    const names = beside.map(nameOf);
    const name = nameOf(part);
    if (name !== undefined && names.indexOf(name) !== beside.indexOf(part))
      report.add("name", part.path, {
        message: `a second ${part.kind} is named ${name}`,
        suggestion: "Give each a name of its own.",
      });
    // A template may bring parts whose names cannot be seen from here.
    if (beside.some(({ value }) => value.template !== undefined)) continue;
    for (const needed of [part.value.dependsOn ?? []].flat())
      if (typeof needed === "string" && !needed.startsWith("$") && !names.includes(needed))
        report.add("depends-on", [...part.path, "dependsOn"], {
          message: `${name ?? part.kind} depends on ${needed}, and there is no such ${part.kind}`,
          suggestion: `Name one of: ${names.filter((other) => other !== name).join(", ")}.`,
        });
  }
}

function nameOf({ value }: PipelinePart): string | undefined {
  const name = value.stage ?? value.job ?? value.deployment;
  return typeof name === "string" ? name : undefined;
}

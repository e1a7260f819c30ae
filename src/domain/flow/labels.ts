/** The words for a transition and an invocation, the same in every drawing. */
import { formatDuration } from "./duration.ts";
import type { InvocationDefinition, StateDefinition, TransitionDefinition } from "./flow-definition.ts";
import { formatGuard } from "./guards.ts";

/** `DeploymentCompleted [moreEnvironments]`, `code-committer done`, `after 10s` */
export function transitionLabel({ trigger, guard }: TransitionDefinition, from: StateDefinition): string {
  const condition = guard === undefined ? "" : ` [${formatGuard(guard)}]`;
  return `${triggerLabel(trigger, from)}${condition}`;
}

/** `code-committer CommitModule`, or `flow environment` */
export function invocationLabel(invoke: InvocationDefinition): string {
  return invoke.kind === "flow" ? `flow ${invoke.flow}` : `${invoke.agentId} ${invoke.skillId}`;
}

function triggerLabel(trigger: TransitionDefinition["trigger"], from: StateDefinition): string {
  switch (trigger.kind) {
    case "event":
      return trigger.artifact === undefined ? trigger.name : `${trigger.artifact} written`;
    case "done":
    case "failed":
      return `${invoked(from)} ${trigger.kind}`;
    case "completed":
      return from.kind === "parallel" ? "all done" : "done";
    case "after":
      return `after ${formatDuration(trigger.delayMs)}`;
    case "until":
      return "until the time named";
    case "always":
      return "at once";
  }
}

function invoked({ invoke }: StateDefinition): string {
  if (invoke === undefined) return "";
  return invoke.kind === "agent" ? invoke.agentId : invoke.flow;
}

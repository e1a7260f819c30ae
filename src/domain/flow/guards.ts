/**
 * The conditions that a flow file may name (`guard: moreEnvironments`, `guard: not recoverable`). They
 * look at the promotion path and at the input that moves the flow, never at the clock or the outside.
 */
import type { FlowContext, FlowInput } from "./compiled-flow.ts";

interface Guard {
  description: string;
  passes(context: FlowContext, input: FlowInput | undefined): boolean;
  /** Whether some event could pass it in this context; what `accepts` answers with before the event is there. */
  couldPass(context: FlowContext): boolean;
}

export const guards = {
  moreEnvironments: {
    description: "the environment of the event is not the last of the promotion path",
    passes: (context, input) => {
      const index = context.environments.indexOf(environmentOf(context, input) ?? "");
      return index >= 0 && index < context.environments.length - 1;
    },
    couldPass: (context) => context.environments.length > 1,
  },
  lastEnvironment: {
    description: "the environment of the event is the last of the promotion path",
    passes: (context, input) => {
      const environment = environmentOf(context, input);
      return environment !== undefined && environment === context.environments.at(-1);
    },
    couldPass: (context) => context.environments.length > 0,
  },
  recoverable: {
    description: "the event says recoverable: true",
    passes: (_context, input) => input?.kind === "event" && input.data.recoverable === true,
    couldPass: () => true,
  },
  corrects: {
    description: "the event asks for a correction (data.correct: true)",
    passes: (_context, input) => input?.kind === "event" && input.data.correct === true,
    couldPass: () => true,
  },
  waits: {
    description: "the event says that the release goes on waiting (data.waits: true)",
    passes: (_context, input) => input?.kind === "event" && input.data.waits === true,
    couldPass: () => true,
  },
  postponed: {
    description: "the event names a time to wait for (data.until)",
    passes: (_context, input) => input?.kind === "event" && typeof input.data.until === "string",
    couldPass: () => true,
  },
} as const satisfies Record<string, Guard>;

type GuardName = keyof typeof guards;

export interface GuardUse {
  name: GuardName;
  negated: boolean;
}

/** Every form a file may use: each name, and `not` before it. */
export const guardForms: readonly string[] = Object.keys(guards).flatMap((name) => [name, `not ${name}`]);

export function parseGuard(form: string): GuardUse | undefined {
  const negated = form.startsWith("not ");
  const name = negated ? form.slice("not ".length) : form;
  return isGuardName(name) ? { name, negated } : undefined;
}

export function formatGuard(use: GuardUse): string {
  return use.negated ? `not ${use.name}` : use.name;
}

export function guardPasses(use: GuardUse, context: FlowContext, input: FlowInput | undefined): boolean {
  return guards[use.name].passes(context, input) !== use.negated;
}

/** A negated guard may always pass: an event that the guard knows nothing of passes it. */
export function guardCouldPass(use: GuardUse, context: FlowContext): boolean {
  return use.negated || guards[use.name].couldPass(context);
}

function isGuardName(name: string): name is GuardName {
  return Object.hasOwn(guards, name);
}

/** The event's own environment, else the one its data names, else the one that this instance is for. */
function environmentOf(context: FlowContext, input: FlowInput | undefined): string | undefined {
  if (input?.kind !== "event") return context.environment;
  if (input.environment !== undefined) return input.environment;
  return typeof input.data.environment === "string" ? input.data.environment : context.environment;
}

/**
 * The modules of a trace as they stand in one environment, with those outside of it that they depend on; and
 * whether one of them is there for those who depend on it. Facts are gathered by others.
 */

export interface TraceView {
  traceId: string;
  environment: string;
  /** By name; also modules that are only named by another's `dependsOn`. */
  modules: ModuleFacts[];
}

export interface ModuleFacts {
  moduleId: string;
  /** Its delivery in this trace, if it is part of it. */
  delivery?: DeliveryFacts;
  /** What serves the environment by the ledger, and the trace that deployed it. */
  serving?: {
    releaseId: string;
    version: string;
    traceId: string;
    deployedAt: string;
    /** When it took the traffic, or last took it back. */
    since: string;
  };
  /** Whether the tenant has ever delivered it. */
  known: boolean;
}

export interface DeliveryFacts {
  version: string;
  dependsOn: string[];
  /** Whether the environment is on its promotion path. */
  goesHere: boolean;
  /** ISO 8601. */
  handedOverAt: string;
  /** Active states: of the environment's flow, else of the delivery's own. */
  states: string[];
  /** A release of this trace served the environment and was not rolled back there since. */
  hasServed: boolean;
  /** Its newest release for the environment. */
  releaseId?: string;
  over?: "cancelled" | "superseded";
  /** Why it is not on its way there any more; `id` names that failure. */
  failure?: { id: string; message: string };
}

/** `occurrence` tells one time that a release serves, or failed, from the next of the same release. */
export type Readiness =
  | { status: "ready"; words: string; releaseId: string; occurrence: string }
  | { status: "waiting" | "unknown"; words: string; next: string }
  | { status: "failed"; words: string; next: string; failureId: string; occurrence: string };

/** Whether those who depend on a module may be deployed: what this trace delivers of it serves, or what came after that. */
export function readinessOf(view: TraceView, moduleId: string): Readiness {
  const facts = view.modules.find((module) => module.moduleId === moduleId);
  const { delivery, serving } = facts ?? {};
  if (delivery?.goesHere === true) return readinessInTrace(view, { moduleId, delivery, serving });
  if (serving !== undefined) return ready(view, moduleId, serving);
  if (facts?.known !== true)
    return {
      status: "unknown",
      words: `${moduleId} is no module of this tenant`,
      next: "Correct dependsOn in module.yaml, or deliver that module first: connectsoft deliver <folder>",
    };
  return {
    status: "waiting",
    words: `nothing of ${moduleId} serves ${view.environment}`,
    next: `Deliver ${moduleId} to ${view.environment}; this release goes on by itself then.`,
  };
}

function readinessInTrace(
  view: TraceView,
  facts: { moduleId: string; delivery: DeliveryFacts; serving: ModuleFacts["serving"] },
): Readiness {
  const { moduleId, delivery, serving } = facts;
  const { traceId, environment } = view;
  const name = `${moduleId} ${delivery.version}`;
  const rollingBack = delivery.states.includes("rolling_back");
  // What failed and serves still, as after a rollback that failed itself, is there again.
  if (serving?.traceId === traceId && !rollingBack)
    return ready(view, moduleId, serving, delivery.failure?.id);
  // A newer trace was faster, or took its place: what serves is not older than what this trace waits for.
  const newer =
    serving !== undefined && serving.traceId !== traceId && serving.deployedAt > delivery.handedOverAt;
  if (newer && (delivery.hasServed || delivery.over === "superseded")) return ready(view, moduleId, serving);
  if (rollingBack && delivery.over === undefined)
    return {
      status: "waiting",
      words: `${name} of this trace is being rolled back in ${environment}`,
      next: `Nothing to do: this release goes on when it serves again. See: connectsoft explain ${traceId} --module ${moduleId}`,
    };
  const failureId = delivery.releaseId ?? delivery.failure?.id ?? delivery.over;
  const why = delivery.over === undefined ? delivery.failure?.message : `its delivery was ${delivery.over}`;
  if (why !== undefined && failureId !== undefined)
    return {
      status: "failed",
      words: `${name} of this trace failed in ${environment}: ${why}`,
      next:
        `See why: connectsoft explain ${traceId} --module ${moduleId}. When it serves there after all, this release ` +
        `goes on by itself; else deliver both in a new trace.`,
      failureId,
      occurrence: delivery.failure?.id ?? delivery.over ?? failureId,
    };
  return {
    status: "waiting",
    words: `${name} of this trace does not serve ${environment} yet: it is in ${delivery.states.join(" and ")}`,
    next: `Nothing to do: it goes on by itself. See the order: connectsoft plan ${traceId}`,
  };
}

function ready(
  { environment }: TraceView,
  moduleId: string,
  { releaseId, version, since }: NonNullable<ModuleFacts["serving"]>,
  survived?: string,
): Readiness {
  const words = `${moduleId} ${version} (${releaseId}) serves ${environment}`;
  const occurrence = `${Date.parse(since)}${survived === undefined ? "" : `.${survived}`}`;
  return { status: "ready", words, releaseId, occurrence };
}

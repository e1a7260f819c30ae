/** ReleasePlan.yaml: a trace's modules in one environment as a graph, with their waves and where each stands. */
import { findCycle, type ModuleNode, wavesOf } from "./module-graph.ts";
import { type DeliveryFacts, type ModuleFacts, readinessOf, type TraceView } from "./trace-view.ts";

/** `outside`: of another trace, and only depended on. `waiting`: for what it depends on. `ahead`: on its way. */
type PlannedState = "live" | "failed" | "waiting" | "ahead" | "elsewhere";

export interface PlannedModule {
  moduleId: string;
  version: string;
  /** 1 for the first; null: it stands in a circle, or behind one. */
  wave: number | null;
  dependsOn: string[];
  state: PlannedState;
  releaseId: string | null;
  /** One sentence. */
  because: string;
}

export interface ReleasePlan {
  traceId: string;
  environment: string;
  waves: string[][];
  modules: PlannedModule[];
  /** Modules of other traces that one of these depends on. */
  outside: { moduleId: string; requiredBy: string[]; ready: boolean; because: string }[];
  cycle: string[] | null;
}

/** The same facts give the same plan. */
export function planTrace(view: TraceView): ReleasePlan {
  const parts = view.modules.filter(isPart).toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  const nodes = parts.map(nodeOf);
  const waves = wavesOf(nodes);
  const outside = view.modules
    .filter((module) => !isPart(module))
    .map(({ moduleId }) => moduleId)
    .toSorted();
  return {
    traceId: view.traceId,
    environment: view.environment,
    waves,
    modules: parts.map((part) => planned(view, part, waves)),
    outside: outside.map((moduleId) => {
      const readiness = readinessOf(view, moduleId);
      const requiredBy = nodes
        .filter(({ dependsOn }) => dependsOn.includes(moduleId))
        .map((node) => node.moduleId);
      return { moduleId, requiredBy, ready: readiness.status === "ready", because: readiness.words };
    }),
    cycle: findCycle(nodes) ?? null,
  };
}

/** Whether there is an order to speak of. */
export function isOrdered({ modules }: TraceView): boolean {
  return modules.length > 1;
}

/** The modules of the trace, each with what it depends on. */
export function nodesOf({ modules }: TraceView): ModuleNode[] {
  return modules.filter(isPart).map(nodeOf);
}

type Part = ModuleFacts & { delivery: DeliveryFacts };

function isPart(module: ModuleFacts): module is Part {
  return module.delivery !== undefined;
}

function nodeOf({ moduleId, delivery }: Part): ModuleNode {
  return { moduleId, dependsOn: delivery.dependsOn };
}

function planned(view: TraceView, { moduleId, delivery, serving }: Part, waves: string[][]): PlannedModule {
  const wave = waves.findIndex((one) => one.includes(moduleId));
  const base = {
    moduleId,
    version: delivery.version,
    wave: wave < 0 ? null : wave + 1,
    dependsOn: delivery.dependsOn.toSorted(),
    releaseId: delivery.releaseId ?? null,
  };
  if (!delivery.goesHere)
    return { ...base, state: "elsewhere", because: `its promotion path leaves ${view.environment} out` };
  const own = readinessOf(view, moduleId);
  if (own.status === "ready")
    return { ...base, releaseId: serving?.releaseId ?? base.releaseId, state: "live", because: own.words };
  if (own.status === "failed") return { ...base, state: "failed", because: own.words };
  const missing = delivery.dependsOn
    .map((one) => readinessOf(view, one))
    .find(({ status }) => status !== "ready");
  if (missing !== undefined) return { ...base, state: "waiting", because: missing.words };
  return { ...base, state: "ahead", because: own.words };
}

/** The flows of a delivery as nodes and edges, with where they are, have been and failed. */
import { mainInstance } from "../../domain/delivery/delivery-state.ts";
import { flowsOf } from "../../domain/delivery/replay.ts";
import {
  type ShownState,
  type StateWord,
  shownState,
  wordOfState,
} from "../../domain/delivery/state-words.ts";
import { type Visit, type Visits, visitedStates } from "../../domain/delivery/visited-states.ts";
import {
  type FlowEdge,
  type FlowNode,
  type FlowPicture,
  isAlong,
  pictureOf,
} from "../../domain/flow/flow-picture.ts";
import { parseFlow } from "../../domain/flow/parse-flow.ts";
import { activeStates } from "../../domain/flow/state-value.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Subject } from "../../domain/scope.ts";
import { findDelivery } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";

export interface DeliveryFlows {
  subject: Subject;
  /** The delivery's own first, then environment by environment in the order of the path. */
  flows: InstancePicture[];
  /** Environments of the path that it has not come to. */
  ahead: string[];
}

export interface InstancePicture extends Omit<FlowPicture, "nodes" | "edges"> {
  instance: string;
  environment?: string;
  releaseId?: string;
  nodes: (FlowNode & NodeMark)[];
  /** `taken`: the newest round came along it. */
  edges: (FlowEdge & { taken: boolean })[];
}

/** `waiting`: it is there, and nobody is at work. `failed`: it was left by a failure, or is where a failure leads. */
export interface NodeMark {
  mark: "current" | "waiting" | "failed" | "done" | "ahead";
  /** What a person reads beside it, where it is there now. */
  state?: ShownState;
  /** When it was entered last, ISO 8601. */
  since?: string;
  /** How often it was entered. */
  times: number;
}

export async function getFlowPicture(
  system: System,
  caller: Caller,
  subject: Subject,
): Promise<DeliveryFlows> {
  const record = await findDelivery(system, caller, subject);
  const events = (await system.store.events(subject)).filter(
    ({ sequence }) => sequence <= record.head.sequence,
  );
  for (const digest of flowsOf(events)) await system.engine.flows.fetch(digest);
  const visited = visitedStates(record.subject, events, system.engine.flows.get);
  const path = record.handOver?.environments ?? [];
  const { instances, invocations } = record.state;
  const names = Object.keys(instances).sort((a, b) => placeOf(a, path) - placeOf(b, path));
  const working = new Set(
    Object.values(invocations).flatMap((one) =>
      one.dueAt === null ? [] : [`${one.instance} ${one.fsmState}`],
    ),
  );
  return {
    subject: record.subject,
    flows: names.flatMap((name) => {
      const instance = instances[name];
      if (instance === undefined) return [];
      const { environment, releaseId, flow, snapshot, frozen, halted } = instance;
      const active = halted === true ? [] : activeStates(snapshot.value);
      const picture = readPicture(system, flow.digest);
      const visits = withBegin(picture, visited.get(name) ?? { states: new Map(), ways: new Set() });
      const isWorking = (state: string) => working.has(`${name} ${state}`);
      return [
        {
          ...picture,
          instance: name,
          ...(environment !== undefined && { environment }),
          ...(releaseId !== undefined && { releaseId }),
          nodes: picture.nodes.map((node) => ({
            ...node,
            ...markOf(node, { active, visits, isWorking, frozen: frozen === true }),
          })),
          edges: picture.edges.map((edge) => ({
            ...edge,
            taken: [...visits.ways].some((way) => isAlong(edge, way)),
          })),
        },
      ];
    }),
    ahead: path.filter((environment) => instances[environment] === undefined),
  };
}

function readPicture(system: System, digest: string): FlowPicture {
  const { text, name } = system.engine.flows.get(digest);
  const parsed = parseFlow(text, `${name}.yaml`, system.manifests);
  if ("flow" in parsed) return pictureOf(parsed.flow, digest);
  throw refuse("FlowInvalid", `The flow ${name} (${digest.slice(0, 19)}) cannot be read any more.`);
}

/** What begins a flow may move it on at once: it has been where it began all the same. */
function withBegin({ nodes }: FlowPicture, { states, ways }: Visits): Visits {
  const begin = nodes.find(({ initial, parent }) => initial && parent === undefined);
  const [first] = [...states.values()].map(({ enteredAt }) => enteredAt).sort();
  const isThere = [...states.keys()].some(
    (state) => state === begin?.id || state.startsWith(`${begin?.id}.`),
  );
  if (begin === undefined || first === undefined || isThere) return { states, ways };
  const entered = [...states].filter(([, visit]) => visit.enteredAt === first);
  return {
    states: new Map([...states, [begin.id, { times: 1, enteredAt: first, leftAt: first, failed: false }]]),
    ways: new Set([...ways, ...entered.map(([state]) => `${begin.id} ${state}`)]),
  };
}

interface Standing {
  active: string[];
  visits: Visits;
  isWorking(state: string): boolean;
  frozen: boolean;
}

function markOf({ id }: FlowNode, { active, visits, isWorking, frozen }: Standing): NodeMark {
  const isIn = (state: string) => state === id || state.startsWith(`${id}.`);
  const here = active.filter(isIn);
  const been = [...visits.states].filter(([state]) => isIn(state)).map(([, visit]) => visit);
  const entered = been.map(({ enteredAt }) => enteredAt).sort();
  const base = {
    times: Math.max(0, ...been.map(({ times }) => times)),
    ...(entered.length > 0 && { since: entered.at(-1) as string }),
  };
  if (here.length > 0) {
    const words = here.map((state) => wordAt(state, isWorking(state), frozen));
    const [word] = words;
    const failed = words.includes("failed");
    const works = here.some(isWorking);
    const mark = failed
      ? ("failed" as const)
      : works || word === "live"
        ? ("current" as const)
        : ("waiting" as const);
    return { mark, ...base, ...(here[0] === id && word !== undefined && { state: shownState(word) }) };
  }
  return { mark: been.length === 0 ? "ahead" : wayOfLeaving(been), ...base };
}

function wordAt(state: string, works: boolean, frozen: boolean): StateWord {
  const word = wordOfState(state);
  if (word === "held" && frozen) return "frozen";
  return word ?? (works ? "running" : "waiting");
}

function wayOfLeaving(been: Visit[]): "failed" | "done" {
  const newest = been.reduce((a, b) => ((a.leftAt ?? "") > (b.leftAt ?? "") ? a : b));
  return newest.failed ? "failed" : "done";
}

function placeOf(instance: string, path: string[]): number {
  return instance === mainInstance ? -1 : path.indexOf(instance);
}

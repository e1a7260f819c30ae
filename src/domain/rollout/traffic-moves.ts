/**
 * How each strategy brings all of the traffic to a new release. Except in `recreate`, some ready instance has
 * the traffic at every moment, and what served can take it back until it is retired.
 */
import { parseDuration } from "../flow/duration.ts";
import type { RolloutPolicy, Strategy } from "../tenant/tenant.ts";
import type { RolloutStep, StepOf } from "./rollout-steps.ts";

export interface ServingRelease {
  releaseId: string;
  version: string;
  replicas: number;
}

export interface Move {
  next: ServingRelease;
  /** What serves now; undefined where nothing does. */
  serving: ServingRelease | undefined;
  canary: RolloutPolicy["canary"];
  startupMs: number;
  drainMs: number;
}

/** The steps up to the one that gives the new release all of the traffic. */
export function movesOf(strategy: Strategy, given: Move): RolloutStep[] {
  const move = told(given);
  const { serving } = move;
  if (serving === undefined) return [start(move, move.next.replicas), routeAll(move)];
  const replacing = { ...move, serving };
  switch (strategy) {
    case "recreate":
      return [retire(replacing), start(move, move.next.replicas), routeAll(move)];
    case "blue-green":
      return [start(move, move.next.replicas), routeAll(move)];
    case "canary":
      return canary(replacing);
    case "rolling":
      return rolling(replacing);
  }
}

export function retire({ serving, drainMs }: Pick<Replacing, "serving" | "drainMs">): StepOf<"retire"> {
  const { releaseId, version } = serving;
  return {
    step: "retire",
    does: `drain and stop ${version.includes(releaseId) ? version : `${releaseId} (${version})`}`,
    timeoutMs: drainMs,
    releaseId,
  };
}

/** A version that is released again stands beside itself: then the numbers of the releases tell them apart. */
function told(move: Move): Move {
  const { next, serving } = move;
  if (serving?.version !== next.version) return move;
  const numbered = (release: ServingRelease) => ({
    ...release,
    version: `${release.version} (${release.releaseId})`,
  });
  return { ...move, next: numbered(next), serving: numbered(serving) };
}

type Replacing = Move & { serving: ServingRelease };

function canary(move: Replacing): RolloutStep[] {
  const watched = move.canary.flatMap(({ weight, pause }) => [
    route(move, weight),
    pauseOf(move, { weight, pause }),
  ]);
  return [start(move, move.next.replicas), ...watched, routeAll(move)];
}

/** One instance more than there were at any time, and one of what served is left until the new release is proven. */
function rolling(move: Replacing): RolloutStep[] {
  const { next, serving, drainMs, startupMs } = move;
  const steps: RolloutStep[] = [start(move, 1)];
  let left = serving.replicas;
  for (let ready = 1; ready < next.replicas; ready += 1) {
    steps.push(route(move, Math.round((100 * ready) / next.replicas)));
    const wanted = Math.max(1, Math.ceil((serving.replicas * (next.replicas - ready)) / next.replicas));
    if (wanted < left) steps.push(scale(serving, wanted, drainMs));
    left = wanted;
    steps.push(scale(next, ready + 1, startupMs));
  }
  steps.push(routeAll(move));
  if (left > 1) steps.push(scale(serving, 1, drainMs));
  return steps;
}

function start({ next, serving, startupMs }: Move, replicas: number): StepOf<"start"> {
  const beside = serving === undefined ? "" : ` beside ${serving.version}`;
  const does = `start ${instances(replicas)} of ${next.version}${beside} and wait until ready`;
  return { step: "start", does, timeoutMs: startupMs, replicas };
}

function route({ next, serving }: Replacing, weight: number): StepOf<"route"> {
  return {
    step: "route",
    does: `send ${weight} % of the traffic to ${next.version}, ${100 - weight} % to ${serving.version}`,
    timeoutMs: 0,
    shares: [
      { releaseId: next.releaseId, weight },
      { releaseId: serving.releaseId, weight: 100 - weight },
    ],
  };
}

function routeAll({ next }: Move): StepOf<"route"> {
  return {
    step: "route",
    does: `send all traffic to ${next.version}`,
    timeoutMs: 0,
    shares: [{ releaseId: next.releaseId, weight: 100 }],
  };
}

function pauseOf({ next }: Move, { weight, pause }: RolloutPolicy["canary"][number]): StepOf<"pause"> {
  const watch = `watch ${next.version} with ${weight} % of the traffic`;
  if (pause === "promoted")
    return { step: "pause", does: `${watch} until a person promotes it`, timeoutMs: null, weight };
  return { step: "pause", does: `${watch} for ${pause}`, timeoutMs: parseDuration(pause) ?? 0, weight };
}

function scale(release: ServingRelease, replicas: number, timeoutMs: number): StepOf<"scale"> {
  const { releaseId, version } = release;
  return {
    step: "scale",
    does: `go to ${instances(replicas)} of ${version}`,
    timeoutMs,
    releaseId,
    replicas,
  };
}

function instances(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

/**
 * Releases as processes of this host. An instance is a session of its own in control groups of its own, so that
 * all of it is found and ended, whatever it forks. Without control groups its process group has to do, and
 * the marker in its environment.
 */
import { closeSync } from "node:fs";
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Enforcement } from "../../../../../ports/target.ts";
import { keepWithin, openOutput } from "../log-files.ts";
import type { Exit, Instance, InstanceRuntime, Launch } from "../runtime.ts";
import type { Hierarchies } from "./control-groups.ts";
import { enforcementOf } from "./enforcement.ts";
import { findInstances } from "./find-instances.ts";
import { hostMeans } from "./host-means.ts";
import { type Groups, groupsOfProcess, InstanceGroups } from "./instance-group.ts";
import { identify, isAlive, markerInEnvironment, ownerOf } from "./process-identity.ts";
import { ProcessTree } from "./process-tree.ts";
import { runToEnd } from "./run-to-end.ts";
import { notFound, prepare } from "./start-process.ts";

/** How an instance ended that is not our child. */
const unknownExit: Exit = { code: null, signal: null };

interface Running {
  pid: number;
  groups: Groups;
  hierarchies: Hierarchies;
  uid: number | undefined;
  user: Enforcement;
}

export interface ProcessRuntime extends InstanceRuntime {
  /** Bounds all instances of a namespace together; what holds of it. Absent limits are lifted. */
  limitNamespace(directory: string, namespace: string, limits: Limits): Promise<Enforcement[]>;
}

export function createProcessRuntime(): ProcessRuntime {
  const told = new Map<string, Running>();
  let made: InstanceGroups | undefined;

  async function instanceGroups(): Promise<InstanceGroups> {
    const { hierarchies } = await hostMeans();
    made ??= new InstanceGroups(hierarchies);
    return made;
  }

  function follow(launch: Launch, tree: ProcessTree, running: Omit<Running, "pid" | "groups">): () => void {
    const one = { ...running, pid: tree.identity.pid, groups: tree.groups };
    told.set(launch.marker, one);
    const stopKeeping = keepWithin(launch.folder, launch.logs);
    return () => {
      stopKeeping();
      if (told.get(launch.marker) === one) told.delete(launch.marker);
    };
  }

  return {
    name: "process",
    async unavailable() {
      return process.platform === "win32" ? "services run as processes on Linux and macOS only" : undefined;
    },
    async launch(launch, onExit) {
      const means = await hostMeans();
      const { uid, user, start } = prepare(launch, means);
      if (start === undefined) return void onExit(unknownExit, notFound(launch));
      const output = openOutput(launch.folder, uid);
      const groups = (await instanceGroups()).make(launch.marker, launch.limits);
      const child = start(groups, ["ignore", output, output]);
      closeSync(output);
      child.once("error", (error) => onExit(unknownExit, `it cannot be started: ${error.message}`));
      if (child.pid === undefined) return undefined;
      // Dead at birth has no start time; its exit event tells the rest.
      const tree = new ProcessTree(identify(child.pid) ?? { pid: child.pid, startTime: "" }, {
        ...launch,
        groups,
      });
      const stopFollowing = follow(launch, tree, { uid, user, hierarchies: means.hierarchies });
      let isFollowed = true;
      const letGo = () => {
        isFollowed = false;
        stopFollowing();
      };
      child.once("exit", async (code, signal) => {
        if (!isFollowed) return;
        letGo();
        onExit(await tree.ended({ code, signal }));
      });
      return instanceOf(tree, letGo);
    },
    async adopt(identity, launch, onExit) {
      if (!isAlive(identity)) return undefined;
      const means = await hostMeans();
      const found = groupsOfProcess(identity.pid, means.hierarchies);
      // One that has not come to joining its groups yet is about to.
      const isIn = Object.keys(found).length > 0;
      const groups = isIn ? found : (await instanceGroups()).hold(launch.marker, launch.limits);
      const tree = new ProcessTree(identity, { ...launch, groups });
      const letGo = follow(launch, tree, { ...prepare(launch, means), hierarchies: means.hierarchies });
      const stopWatching = tree.watch(async () => {
        letGo();
        onExit(await tree.ended(unknownExit));
      });
      return instanceOf(tree, () => {
        letGo();
        stopWatching();
      });
    },
    async find(markerPrefix) {
      // Before the first launch only: a group that is about to be joined is empty, too.
      if (made === undefined)
        (await instanceGroups()).sweep(markerPrefix.slice(0, markerPrefix.indexOf("|")));
      return findInstances(markerPrefix);
    },
    async kill(identity) {
      const { hierarchies } = await hostMeans();
      await new ProcessTree(identity, {
        groups: groupsOfProcess(identity.pid, hierarchies),
        marker: markerInEnvironment(identity.pid),
      }).end(0);
    },
    async exec(launch, options) {
      const beside = told.get(launch.marker)?.pid;
      return await runToEnd(launch, { ...options, instanceGroups: await instanceGroups(), beside });
    },
    enforcement({ marker, limits }) {
      const running = told.get(marker);
      if (running === undefined) return [];
      return [userOfRunning(running), ...enforcementOf(limits, running.groups, running.hierarchies)];
    },
    async limitNamespace(directory, namespace, limits) {
      const held = await instanceGroups();
      const groups = held.limitNamespace(directory, namespace, limits);
      return enforcementOf(limits, groups, held.hierarchies);
    },
  };
}

function instanceOf(tree: ProcessTree, letGo: () => void): Instance {
  return { identity: tree.identity, end: (graceMs) => tree.end(graceMs), letGo, usage: () => tree.usage() };
}

/** What was planned, unless the process runs as somebody else. */
function userOfRunning({ pid, user, uid }: Running): Enforcement {
  const found = ownerOf(pid);
  if (found === undefined || uid === undefined || found === uid) return user;
  return { limit: "user", enforced: false, words: `user: expected ${uid}, found ${found}` };
}

/**
 * An engine as a process of its own. Each skill has one outside effect: a line in a file under the
 * invocation's id, written after looking whether it is there. It can be told to kill itself, as kill -9 does,
 * right before or after the n-th commit or effect of one trace.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { openPostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { eventName } from "../../src/domain/event/event.ts";
import { systemClock } from "../../src/ports/clock.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";
import { createRig } from "../support/rig.ts";
import { type Script, scriptedAgents, scriptedManifests } from "../support/scripted-agents.ts";
import type { WorkerOrders } from "./orders.ts";

const orders = JSON.parse(process.env.ORDERS ?? "{}") as WorkerOrders;
const counts = { commit: 0, effect: 0 };

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function isMoment(moment: "before" | "after", what: "commit" | "effect"): boolean {
  const { kill } = orders;
  return kill?.moment === moment && kill.what === what && kill.nth === counts[what];
}

function mortal(store: EngineStore): EngineStore {
  return {
    ...store,
    async step(requests, options) {
      const mine = requests.some(({ subject }) => subject.traceId === orders.kill?.traceId);
      if (mine) counts.commit += 1;
      if (mine && isMoment("before", "commit")) die();
      const outcomes = await store.step(requests, options);
      if (mine && isMoment("after", "commit")) die();
      return outcomes;
    },
  };
}

function isDone(invocationId: string): boolean {
  return existsSync(orders.effects) && readFileSync(orders.effects, "utf8").includes(`${invocationId} `);
}

function effectiveScript(): Script {
  const script: Script = {};
  for (const [index, { skills }] of scriptedAgents().entries())
    for (const skill of scriptedManifests[index]?.skills ?? [])
      script[skill] = async (context) => {
        const { invocationId, traceId } = context.invocation;
        const mine = traceId === orders.kill?.traceId;
        if (mine) counts.effect += 1;
        if (mine && isMoment("before", "effect")) die();
        if (!isDone(invocationId)) appendFileSync(orders.effects, `${invocationId} ${process.pid}\n`);
        if (mine && isMoment("after", "effect")) die();
        if (traceId === orders.holds) await new Promise(() => undefined);
        const work = skills[skill];
        if (work === undefined) throw new Error(`there is no skill ${skill}`);
        return await work(context);
      };
  return script;
}

// Loaded, it waits for its word. A worker whose parent is gone has nobody to end it.
process.stdin.on("end", () => process.exit(0));
await new Promise((resolve) => process.stdin.once("data", resolve));

const pool = openPool(orders.databaseUrl, { max: 6, applicationName: "recovery worker" });
const store = await openPostgresStore({ pool, url: orders.databaseUrl });
const rig = createRig({
  store: mortal(store),
  clock: systemClock,
  script: effectiveScript(),
  observer: {
    // Where its moment never comes, because steps shared commits, it says so and ends.
    stepTaken({ record, events }) {
      const rests = events.some((event) => eventName(event) === "ApprovalRequested");
      if (rests && record.subject.traceId === orders.kill?.traceId) process.exit(0);
    },
    skillEnded: () => undefined,
    progress: () => undefined,
    trouble: () => undefined,
  },
});
await rig.engine.start();
process.stdout.write(`ready ${rig.engine.workerId()}\n`);

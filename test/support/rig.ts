/** An engine on a store, with scripted agents and the built-in flows: what engine tests drive. */
import { readFileSync } from "node:fs";
import type { DeliveryRecord } from "../../src/domain/delivery/delivery-state.ts";
import { type HandOver, handOverSchema } from "../../src/domain/delivery/hand-over.ts";
import type { EventDraft } from "../../src/domain/event/event.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import { loadFlow } from "../../src/domain/flow/load-flow.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { EngineObserver } from "../../src/ports/engine-observer.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";
import { sampleHandOver } from "./agent-context.ts";
import { type Script, scriptedAgents, scriptedManifests } from "./scripted-agents.ts";

const root = new URL("../../", import.meta.url);
const compile = (text: string, name: string) => loadFlow(text, name, scriptedManifests);
function read(name: string) {
  return compile(readFileSync(new URL(`flows/${name}.yaml`, root), "utf8"), `flows/${name}.yaml`);
}

export const builtIn = {
  delivery: read("delivery"),
  environment: read("environment"),
  upgrade: read("upgrade"),
};

export interface Rig {
  engine: Engine;
  handOver(subject: Subject, more?: Partial<HandOver>): Promise<void>;
  tell(subject: Subject, name: EventName, data: JsonObject, more?: Partial<EventDraft>): Promise<void>;
  record(subject: Subject): Promise<DeliveryRecord>;
  names(subject: Subject): Promise<string[]>;
  /** Keeps a flow of this text, and names it as a hand-over does. */
  flow(text: string): Promise<HandOver["flow"]>;
}

export interface RigOptions {
  store: EngineStore;
  clock: Clock;
  script?: Script;
  host?: string;
  roomFor?(agentId: string): number;
  observer?: EngineObserver;
}

export function createRig({
  store,
  clock,
  script = {},
  host = "host-1",
  roomFor,
  observer,
}: RigOptions): Rig {
  const engine = createEngine({
    store,
    clock,
    host,
    agents: scriptedAgents(script),
    compileFlow: compile,
    ...(roomFor !== undefined && { roomFor }),
    ...(observer !== undefined && { observer }),
  });
  async function record(subject: Subject): Promise<DeliveryRecord> {
    const found = await store.load(subject);
    if (found === undefined) throw new Error("no such delivery");
    return found;
  }
  return {
    engine,
    record,
    async handOver(subject, more = {}) {
      await engine.flows.add(builtIn.delivery);
      await engine.flows.add(builtIn.environment);
      const data = handOverSchema.parse({
        ...sampleHandOver(),
        host,
        flow: { name: "delivery", digest: builtIn.delivery.digest },
        environmentFlow: { name: "environment", digest: builtIn.environment.digest },
        ...more,
      });
      const draft: EventDraft = {
        id: "hand-over",
        name: "ModuleReady",
        source: "/cli",
        data: data as unknown as JsonObject,
      };
      await engine.append(subject, [draft], { create: true });
    },
    async tell(subject, name, data, more = {}) {
      await engine.append(subject, [{ name, source: "/cli", data, ...more }]);
    },
    async flow(text) {
      const flow = compile(text, "test.yaml");
      await engine.flows.add(flow);
      return { name: flow.name, digest: flow.digest };
    },
    async names(subject) {
      const events = await store.events(subject);
      return events.map((event) => event.type.split(".").at(-1) ?? "");
    },
  };
}

export function subjectOf(traceId: string, moduleId = "booking-service"): Subject {
  return { tenantId: "vetclinic-001", traceId, moduleId };
}

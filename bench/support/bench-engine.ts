/** The real engine on the real store, with the bench's flow and agents. */
import { readFileSync } from "node:fs";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { openPostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { combineObservers } from "../../src/adapters/telemetry/combine-observers.ts";
import type { DeliveryRecord } from "../../src/domain/delivery/delivery-state.ts";
import { handOverSchema } from "../../src/domain/delivery/hand-over.ts";
import { loadFlow } from "../../src/domain/flow/load-flow.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import type { AgentContext } from "../../src/ports/agent.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { type EngineObserver, silentObserver } from "../../src/ports/engine-observer.ts";
import { sampleHandOver } from "../../test/support/agent-context.ts";
import { approval, benchAgents, benchManifests } from "./bench-agents.ts";
import { openGovernance } from "./bench-governance.ts";

const flowFile = new URL("../flows/six-steps.yaml", import.meta.url);
const compile = (text: string, name: string) => loadFlow(text, name, benchManifests);

export interface BenchEngine {
  engine: Engine;
  handOver(subject: Subject): Promise<void>;
  approve(subject: Subject): Promise<void>;
  stop(): Promise<void>;
}

export interface BenchEngineOptions {
  url: string;
  observer?: Partial<EngineObserver>;
  works?: boolean;
  /** Attempts at once of one agent; by default as many as the peer runs: all of them. */
  room?: number;
  act?(context: AgentContext): Promise<void> | void;
  /** As a server has it: each step is permitted to the agent and to its sponsor, counted and logged. */
  governed?: boolean;
}

/** Opened, not started. */
export async function openBenchEngine(options: BenchEngineOptions): Promise<BenchEngine> {
  const pool = openPool(options.url, { max: 10, applicationName: "bench" });
  const store = await openPostgresStore({ pool, url: options.url });
  const governance = options.governed === true ? await openGovernance({ pool, store }) : undefined;
  const flow = compile(readFileSync(flowFile, "utf8"), "six-steps.yaml");
  const engine = createEngine({
    store,
    clock: systemClock,
    host: "bench",
    agents: benchAgents(options.act),
    compileFlow: compile,
    observer: combineObservers([
      { ...silentObserver, trouble: complain, ...options.observer },
      ...(governance?.observers ?? []),
    ]),
    ...(governance !== undefined && { authorise: governance.authorise }),
    works: options.works ?? true,
    roomFor: () => options.room ?? Number.MAX_SAFE_INTEGER,
  });
  await engine.flows.add(flow);
  const named = { name: flow.name, digest: flow.digest };
  const handOver = handOverSchema.parse({
    ...sampleHandOver(),
    host: "bench",
    flow: named,
    environmentFlow: named,
  }) as unknown as JsonObject;
  return {
    engine,
    async handOver(subject) {
      const draft = { id: "hand-over", name: "ModuleReady" as const, source: "/cli", data: handOver };
      await engine.append(subject, [draft], { create: true });
    },
    async approve(subject) {
      const draft = {
        id: "approval",
        name: "ApprovalGranted" as const,
        source: "/studio",
        data: approval(),
      };
      await engine.append(subject, [draft]);
    },
    async stop() {
      await engine.stop();
      await store.close();
      await pool.end();
    },
  };
}

/** The name of the state that a delivery is in; the bench's flow has no inner states. */
export function stateOf(record: DeliveryRecord): unknown {
  return record.state.instances.delivery?.snapshot.value;
}

export function subjects(count: number, prefix: string): Subject[] {
  return Array.from({ length: count }, (_, index) => ({
    tenantId: "vetclinic-001",
    traceId: `trace-${prefix}-${String(index).padStart(6, "0")}`,
    moduleId: "booking-service",
  }));
}

function complain(message: string, error?: unknown): void {
  process.stderr.write(`bench engine: ${message} ${error instanceof Error ? error.message : ""}\n`);
}

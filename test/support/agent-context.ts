/**
 * An agent's context in memory, for tests of agents: what it writes and announces is there to be looked at,
 * and a read or write that its manifest does not declare is refused as the engine refuses it.
 */
import { type AgentManifest, permits } from "../../src/domain/agent/manifest.ts";
import type { HandOver } from "../../src/domain/delivery/hand-over.ts";
import { type EventName, eventCatalogue } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ArtifactKind } from "../../src/domain/memory/artifact-path.ts";
import { refuse } from "../../src/domain/refusal.ts";
import type { AgentContext, Emission, Invocation, RecordedEvent } from "../../src/ports/agent.ts";

export interface FakeContextOptions {
  handOver?: Partial<HandOver>;
  invocation?: Partial<Invocation>;
  /** The delivery so far, oldest first; `name` and `data` are enough. */
  events?: (Pick<RecordedEvent, "name" | "data"> & Partial<RecordedEvent>)[];
  /** What memory holds, by `kind/Name`; what other deliveries wrote, by `traceId/kind/Name`. */
  memory?: Record<string, string>;
  /** Holds reads and writes to what is declared; without it everything is permitted. */
  manifest?: AgentManifest;
  signal?: AbortSignal;
  now?: Date;
}

export interface FakeContext extends AgentContext {
  /** What the agent wrote, by `kind/Name`; the newest version. */
  written: Record<string, string>;
  announced: Emission[];
  /** What it told other deliveries. */
  told: (Emission & { traceId: string; moduleId: string; id?: string })[];
  lines: string[];
  /** Appends an event to the delivery, as the engine does between invocations. */
  record(name: EventName, data: JsonObject, more?: Partial<RecordedEvent>): void;
}

const startOfTime = "2025-05-23T10:00:00.000Z";

export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const history: RecordedEvent[] = [];
  const written: Record<string, string> = {};
  const announced: Emission[] = [];
  const told: FakeContext["told"] = [];
  const lines: string[] = [];
  const { manifest } = options;

  function record(name: EventName, data: JsonObject, more: Partial<RecordedEvent> = {}): void {
    const sequence = history.length + 1;
    const fixed = { id: `event-${sequence}`, time: startOfTime, sequence, source: "/agents/devops-engineer" };
    history.push({ ...fixed, ...more, name, data: checked(name, data) });
  }

  for (const { name, data, ...more } of options.events ?? []) record(name, data, more);

  const invocation = { ...sampleInvocation(), ...options.invocation };
  return {
    invocation,
    handOver: { ...sampleHandOver(), ...options.handOver },
    memory: {
      async read(kind, name) {
        if (manifest !== undefined && !permits(manifest.reads, kind, name))
          throw violation(manifest, "read", kind, name);
        return written[`${kind}/${name}`] ?? options.memory?.[`${kind}/${name}`];
      },
      async readFrom(traceId, kind, name) {
        if (manifest !== undefined && !permits(manifest.reads, kind, name))
          throw violation(manifest, "read", kind, name);
        return options.memory?.[`${traceId}/${kind}/${name}`];
      },
      write(kind, name, content) {
        if (manifest !== undefined && !permits(manifest.writes, kind, name))
          throw violation(manifest, "write", kind, name);
        written[`${kind}/${name}`] = content;
      },
    },
    async events(name) {
      return history.filter((event) => event.name === name).reverse();
    },
    async announce(name, data) {
      announced.push({ name, data: checked(name, data) });
    },
    async tell(to, name, data) {
      const { traceId, moduleId } = { ...invocation, ...to };
      told.push({
        traceId,
        moduleId,
        ...(to.id !== undefined && { id: to.id }),
        name,
        data: checked(name, data),
      });
    },
    progress(line) {
      lines.push(line);
    },
    signal: options.signal ?? new AbortController().signal,
    now: () => options.now ?? new Date(startOfTime),
    written,
    announced,
    told,
    lines,
    record,
  };
}

export function sampleInvocation(): Invocation {
  return {
    tenantId: "vetclinic-001",
    traceId: "trace-2025-05-23-0012",
    moduleId: "booking-service",
    invocationId: "invocation-0001",
    agentId: "code-committer",
    skillId: "CommitModule",
    fsmState: "preparing.code.committing",
    step: 1,
    retries: 0,
    compliance: false,
    invokedAt: startOfTime,
  };
}

export function sampleHandOver(): HandOver {
  const probe = {
    tcpSocket: {},
    initialDelaySeconds: 0,
    periodSeconds: 0.1,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    source: {
      kind: "folder",
      path: "examples/booking-service",
      tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    },
    module: {
      id: "booking-service",
      version: "1.0.0",
      runtime: "node",
      packageManager: "npm",
      locked: false,
      start: ["node", "server.js"],
      portVariable: "PORT",
      probes: { startup: { ...probe, failureThreshold: 100 }, readiness: probe, liveness: probe },
      needs: { config: [], secrets: [] },
      needsInfrastructure: false,
      pipeline: "generate",
      complianceMode: false,
    },
    repository: "vetclinic-001/booking-service",
    folder: "",
    targetBranch: "main",
    environments: ["staging", "production"],
    sponsor: "jane.doe",
    host: "host-1",
    complianceMode: false,
    flow: { name: "delivery", digest: `sha256:${"0".repeat(64)}` },
    environmentFlow: { name: "environment", digest: `sha256:${"1".repeat(64)}` },
  };
}

/** An event that does not fit the catalogue would be refused by the engine, so a test must not get past it either. */
function checked(name: EventName, data: JsonObject): JsonObject {
  eventCatalogue[name].parse(data);
  return data;
}

function violation(manifest: AgentManifest, act: "read" | "write", kind: ArtifactKind, name: string): Error {
  return refuse(
    "ManifestViolation",
    `${manifest.agentId} may not ${act} ${kind}/${name}: its manifest does not declare it.`,
    `Add it to the agent's ${act}s, or leave the artifact to the agent that owns it.`,
  );
}

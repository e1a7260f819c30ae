/** What an agent holds in its hands for one attempt: its memory, bounded by its manifest, and its voice. */
import type { AgentManifest } from "../domain/agent/manifest.ts";
import { permits } from "../domain/agent/manifest.ts";
import { askTogether } from "../domain/ask-together.ts";
import { sha256 } from "../domain/canonical-json.ts";
import type { DeliveryState } from "../domain/delivery/delivery-state.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { ArtifactDraft } from "../domain/delivery/step.ts";
import { type DeliveryEvent, type EventDraft, eventName } from "../domain/event/event.ts";
import { type ArtifactKind, artifactPath } from "../domain/memory/artifact-path.ts";
import { refuse } from "../domain/refusal.ts";
import type { AgentContext, AgentMemory, Emission, Invocation, RecordedEvent } from "../ports/agent.ts";
import type { AuthoriseAgent } from "../ports/authorise-agent.ts";
import type { Clock } from "../ports/clock.ts";
import type { EngineObserver } from "../ports/engine-observer.ts";
import type { EngineStore } from "../ports/engine-store.ts";
import { batchEvents } from "./batch-events.ts";
import { checkEmission } from "./check-emission.ts";
import type { Conductor } from "./conductor.ts";

export interface Hands {
  store: EngineStore;
  conductor: Conductor;
  clock: Clock;
  observer: EngineObserver;
  /** Refuses what an agent may not do for the delivery, or its sponsor may not any more; absent: nobody is asked. */
  authorise?: AuthoriseAgent | undefined;
}

export interface Attempt {
  /** Newest versions by path, as of the beginning of the attempt. */
  artifacts: DeliveryState["artifacts"];
  invocation: Invocation;
  manifest: AgentManifest;
  handOver: HandOver;
  /** Fences what it announces: an attempt that was taken over announces nothing. */
  attempt: number;
  signal: AbortSignal;
}

/** The context, and the artifacts that were written through it so far. */
export function createAgentContext(
  hands: Hands,
  given: Attempt,
): { context: AgentContext; written: ArtifactDraft[] } {
  const { invocation, manifest, handOver, signal, attempt } = given;
  const written: ArtifactDraft[] = [];
  const announced = new Map<string, number>();
  const eventsOf = batchEvents(hands.store, invocation);
  const context: AgentContext = {
    invocation,
    handOver,
    signal,
    memory: createMemory(hands.store, given, written),
    now: () => hands.clock.now(),
    progress: (line) => hands.observer.progress(invocation, line),
    async events(name) {
      return (await eventsOf(name))
        .filter((event) => event.data.late !== true)
        .map(recorded)
        .reverse();
    },
    async announce(name, data, key) {
      checkEmission(manifest, { name, data });
      const nth = announced.get(name) ?? 0;
      if (key === undefined) announced.set(name, nth + 1);
      const { invocationId, releaseId } = invocation;
      const draft = {
        ...statement(invocation, `${invocationId}.${name}.${key ?? nth}`, { name, data }),
        ...(releaseId !== undefined && { releaseId }),
      };
      await hands.conductor.submit(invocation, { kind: "announce", invocationId, attempt, draft });
    },
    async tell(to, name, data) {
      checkEmission(manifest, { name, data });
      const { tenantId, invocationId } = invocation;
      const { traceId = invocation.traceId, moduleId = invocation.moduleId } = to;
      const id = to.id ?? `told.${invocationId}.${name}`;
      const draft = statement(invocation, id, { name, data });
      await hands.conductor.submit({ tenantId, traceId, moduleId }, { kind: "append", drafts: [draft] });
    },
  };
  return { context, written };
}

function statement(invocation: Invocation, id: string, { name, data }: Emission): EventDraft {
  const { agentId, skillId, invocationId, environment } = invocation;
  return {
    id,
    name,
    data,
    source: `/agents/${agentId}`,
    agentId,
    skillId,
    invocationId,
    ...(environment !== undefined && { environment }),
  };
}

function createMemory(store: EngineStore, given: Attempt, written: ArtifactDraft[]): AgentMemory {
  const { invocation, manifest } = given;
  const { tenantId, traceId, moduleId } = invocation;
  const newest = askTogether((paths: string[]) => store.newestArtifacts({ tenantId, paths }));
  return {
    async read(kind, name) {
      if (!permits(manifest.reads, kind, name) && !permits(manifest.writes, kind, name))
        throw outside(manifest, "read", kind, name);
      const buffered = written.findLast((draft) => draft.kind === kind && draft.name === name);
      if (buffered !== undefined) return buffered.content;
      const ofPlace = artifactPath(invocation, { kind, name });
      const ofModule = artifactPath({ tenantId, traceId, moduleId }, { kind, name });
      const found = await newest(ofPlace, ofModule);
      return (found.get(ofPlace) ?? found.get(ofModule))?.content;
    },
    async readFrom(otherTrace, kind, name) {
      if (!permits(manifest.reads, kind, name)) throw outside(manifest, "read", kind, name);
      const path = artifactPath({ tenantId, traceId: otherTrace, moduleId }, { kind, name });
      return (await newest(path)).get(path)?.content;
    },
    write(kind, name, content, scope = "environment") {
      if (!permits(manifest.writes, kind, name)) throw outside(manifest, "write", kind, name);
      if (content.includes("\0"))
        throw refuse("InputInvalid", `${kind}/${name} holds a NUL character: artifacts are text.`);
      requireUnlocked(given, { kind, name, content, scope });
      written.push({ kind, name, content, scope });
    },
  };
}

/** Refuses a further version of what a deployed release stands on; the same content again is no change. */
function requireUnlocked({ invocation, artifacts }: Attempt, draft: ArtifactDraft): void {
  const { tenantId, traceId, moduleId } = invocation;
  const path = artifactPath(draft.scope === "module" ? { tenantId, traceId, moduleId } : invocation, draft);
  const known = artifacts[path];
  if (known?.locked !== true || known.sha256 === sha256(draft.content)) return;
  throw refuse(
    "ArtifactLocked",
    `${path} is locked: ${invocation.releaseId} was deployed with version ${known.version} of it.`,
    "Propose a new release: connectsoft redeploy <version>",
  );
}

function outside(manifest: AgentManifest, verb: "read" | "write", kind: ArtifactKind, name: string) {
  const declared = verb === "read" ? manifest.reads : manifest.writes;
  return refuse(
    "ManifestViolation",
    `${manifest.agentId} may not ${verb} ${kind}/${name}: its manifest declares ${declared.join(", ") || "nothing"}.`,
    `Add it to the manifest's ${verb}s, or let the agent that owns it do this.`,
  );
}

function recorded(event: DeliveryEvent): RecordedEvent {
  return {
    id: event.id,
    name: eventName(event),
    time: event.time,
    sequence: event.sequence,
    source: event.source,
    data: event.data,
    ...(event.environment !== undefined && { environment: event.environment }),
    ...(event.releaseid !== undefined && { releaseId: event.releaseid }),
  };
}

/** What an agent declares of itself; the engine holds it to that. */
import type { z } from "zod";
import type { EventName } from "../event/event-catalogue.ts";
import type { ArtifactKind } from "../memory/artifact-path.ts";

export type AgentId =
  | "code-committer"
  | "pull-request-creator"
  | "devops-engineer"
  | "cloud-provisioner"
  | "release-manager"
  | "deployment-orchestrator";

export interface AgentManifest {
  agentId: AgentId;
  /** One sentence: what the agent promises. */
  promise: string;
  /** PascalCase verb phrases; the first is the one that runs where a flow names no skill. */
  skills: readonly [string, ...string[]];
  /** Events that activate the agent where a flow says so. */
  triggers: readonly EventName[];
  /** Events that must have happened before it can work. */
  awaits: readonly EventName[];
  /** `kind/Name`, or `kind/*` for every artifact of a kind. Anything else is a ManifestViolation. */
  reads: readonly ArtifactPattern[];
  writes: readonly ArtifactPattern[];
  emits: readonly EventName[];
  /** The events that mark its end: a state named after one is entered by it (`PipelineReady` -> `pipeline_ready`). */
  outcomes: { done: EventName; failed?: EventName };
  /** What tenants may say otherwise for some of their modules, editions and environments (`agents` of a policy). */
  overlay?: z.ZodObject;
  /** Whether its work is bound to the host that holds repository and processes. */
  hostBound: boolean;
}

export type ArtifactPattern = `${ArtifactKind}/${string}`;

export function permits(patterns: readonly ArtifactPattern[], kind: ArtifactKind, name: string): boolean {
  return patterns.some((pattern) => pattern === `${kind}/*` || pattern === `${kind}/${name}`);
}

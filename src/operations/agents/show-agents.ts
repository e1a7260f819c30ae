/** An agent's manifest and its configuration in one place: what it is, what it may, and who said so. */
import { z } from "zod";
import { type ShownAgentSettings, showAgentSettings } from "../../domain/agent/agent-settings.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";
import { closest } from "../../domain/flow/flow-problem.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug, traceSlug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";

export const showAgentsInput = z.object({
  /** Absent: what holds before a delivery comes to an environment. */
  environment: slug.optional(),
  moduleId: slug.optional(),
  editionId: slug.optional(),
  traceId: traceSlug.optional(),
});
export const showAgentInput = showAgentsInput.extend({ agentId: z.string().min(1).max(100) });

export interface ShownAgent extends Omit<AgentManifest, "overlay" | "outcomes" | "hostBound"> {
  settings: ShownAgentSettings;
}

export async function showAgents(
  system: System,
  caller: Caller,
  place: z.output<typeof showAgentsInput>,
): Promise<ShownAgent[]> {
  const tenant = await system.tenants.get(caller.tenantId);
  const known = tenant.environments.map(({ id }) => id);
  if (place.environment !== undefined && !known.includes(place.environment))
    throw refuse(
      "InvalidNamespaceAccess",
      `${place.environment} is no environment of ${tenant.id}.`,
      `It has ${known.join(", ")}.`,
    );
  return system.manifests.map(({ overlay, outcomes: _, hostBound: __, ...manifest }) => ({
    ...manifest,
    settings: showAgentSettings(
      tenant,
      { agentId: manifest.agentId, keys: Object.keys(overlay?.shape ?? {}) },
      place,
    ),
  }));
}

export async function showAgent(
  system: System,
  caller: Caller,
  { agentId, ...place }: z.output<typeof showAgentInput>,
): Promise<ShownAgent> {
  const agents = await showAgents(system, caller, place);
  const found = agents.find((one) => one.agentId === agentId);
  if (found !== undefined) return found;
  const known = agents.map((one) => one.agentId);
  const near = closest(agentId, known);
  throw refuse(
    "NotFound",
    `There is no agent ${agentId}${near === undefined ? "" : `; did you mean ${near}?`}.`,
    `There are ${known.join(", ")}.`,
  );
}

/** How an agent is configured for one place: the tenant's own part for it, and over that what the policy's layers overlay. */
import { canonicalJson } from "../canonical-json.ts";
import { layersFor } from "../policy/layers.ts";
import type { Values } from "../policy/merge.ts";
import { type PolicyAsked, resolvePolicy } from "../policy/resolve-policy.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { AgentOverlays } from "./agent-overlays.ts";

/** Agents whose work a part of tenant.yaml configures. */
const parts = {
  "code-committer": "commits",
  "pull-request-creator": "pullRequests",
  "devops-engineer": "pipelines",
} as const satisfies Partial<Record<keyof AgentOverlays, keyof Tenant>>;
type Configured = keyof typeof parts;

/** Before a delivery comes to an environment there is none, and what is said of environments does not count. */
export type AgentPlace = Omit<PolicyAsked, "environment"> & { environment?: string | undefined };

export function agentSettings<Id extends Configured>(
  tenant: Tenant,
  agentId: Id,
  place: AgentPlace,
): Tenant[(typeof parts)[Id]] {
  const { withheld: _, ...overlay } = overlaysAt(tenant, place)[agentId] ?? {};
  return { ...tenant[parts[agentId]], ...overlay };
}

/** Whether an overlay keeps an agent from an action there. */
export function isWithheld(
  tenant: Tenant,
  act: { agentId: string; action: string },
  place: AgentPlace,
): boolean {
  const { withheld } = overlayOf(tenant, act.agentId, place);
  return Array.isArray(withheld) && withheld.includes(act.action);
}

export interface ShownAgentSettings {
  withheld: string[];
  /** What an overlay can say otherwise, as it holds there. */
  values: Values;
  /** Of each of these keys, and of `withheld`, the place that says it; absent: nobody, it is the default. */
  sources: Record<string, string>;
}

/** `keys`: those that an overlay of this agent may have. */
export function showAgentSettings(
  tenant: Tenant,
  { agentId, keys }: { agentId: string; keys: readonly string[] },
  place: AgentPlace,
): ShownAgentSettings {
  const part = parts[agentId as Configured] as keyof Tenant | undefined;
  const base = part === undefined ? {} : (tenant[part] as Values);
  const { withheld = [], ...overlay } = overlayOf(tenant, agentId, place);
  const settings: Values = { ...base, ...overlay };
  const shown = keys.filter((key) => key !== "withheld" && settings[key] !== undefined);
  const sources = keys.flatMap((key) => {
    const layer = layerThatSays(tenant, { agentId, key }, place);
    return layer !== undefined ? [[key, layer]] : base[key] === undefined ? [] : [[key, String(part)]];
  });
  return {
    withheld: withheld as string[],
    values: Object.fromEntries(shown.map((key) => [key, settings[key]])),
    sources: Object.fromEntries(sources),
  };
}

/** The last of the layers that says what holds. */
function layerThatSays(
  tenant: Tenant,
  { agentId, key }: { agentId: string; key: string },
  place: AgentPlace,
): string | undefined {
  const holds = overlayOf(tenant, agentId, place)[key];
  if (holds === undefined) return undefined;
  const layers = layersFor(tenant, whole(place)).filter(({ values }) => {
    const said = (values.agents as Record<string, Values> | undefined)?.[agentId]?.[key];
    return said !== undefined && canonicalJson(said) === canonicalJson(holds);
  });
  return layers.at(-1)?.source ?? "several layers";
}

function overlayOf(tenant: Tenant, agentId: string, place: AgentPlace): Values {
  const overlays: Record<string, Values | undefined> = overlaysAt(tenant, place);
  return overlays[agentId] ?? {};
}

/** Asked at each step of each delivery, and most tenants say nothing of agents: then nothing is resolved. */
function overlaysAt(tenant: Tenant, place: AgentPlace): AgentOverlays {
  if (layersFor(tenant, whole(place)).every(({ values }) => values.agents === undefined)) return {};
  return resolvePolicy(tenant, whole(place)).values.agents ?? {};
}

/** No environment is called like this. */
const nowhere = "";

function whole(place: AgentPlace): PolicyAsked {
  return { ...place, environment: place.environment ?? nowhere };
}

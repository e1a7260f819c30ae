/** What is wrong with overlays of agents that their schema takes. */
import { placeholders, unknownPlaceholders } from "../pull-request/template.ts";
import { writtenLayers } from "../tenant/policy-layers.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { AgentOverlays } from "./agent-overlays.ts";

export interface OverlayProblem {
  path: string[];
  message: string;
  /** A name that stands for nothing, and what it may have meant. */
  name?: string;
  known?: readonly string[];
}

/** They have done their work when a delivery comes to an environment. */
const beforeEnvironments = ["code-committer", "pull-request-creator", "devops-engineer"] as const;

export function overlayProblems({ releasePolicy }: Tenant): OverlayProblem[] {
  return writtenLayers(releasePolicy).flatMap(({ path, layer, inEnvironment }) => {
    const { agents = {} } = layer as { agents?: AgentOverlays };
    const at = [...path, "agents"];
    return [...(inEnvironment ? unheard(agents, at) : []), ...unknownNames(agents, at)];
  });
}

function unheard(agents: AgentOverlays, path: string[]): OverlayProblem[] {
  return beforeEnvironments
    .filter((id) => agents[id] !== undefined)
    .map((id) => ({
      path: [...path, id],
      message: `${id} works before a delivery comes to an environment; say it under releasePolicy.tenant, or of a module or an edition as a whole`,
    }));
}

function unknownNames({ "pull-request-creator": overlay }: AgentOverlays, path: string[]): OverlayProblem[] {
  return unknownPlaceholders(overlay?.template ?? "").map((name) => ({
    path: [...path, "pull-request-creator", "template"],
    message: `template: {{${name}}} stands for nothing; expected ${placeholders.join(", ")}`,
    name,
    known: placeholders,
  }));
}

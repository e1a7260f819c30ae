/** Holds what an agent emits to its manifest and to the event's schema, before it becomes a fact. */
import type { AgentManifest } from "../domain/agent/manifest.ts";
import { eventCatalogue } from "../domain/event/event-catalogue.ts";
import { refuse } from "../domain/refusal.ts";
import type { Emission } from "../ports/agent.ts";

export function checkEmission(manifest: AgentManifest, emission: Emission): void {
  if (!manifest.emits.includes(emission.name))
    throw refuse(
      "ManifestViolation",
      `${manifest.agentId} may not emit ${emission.name}: its manifest declares ${manifest.emits.join(", ")}.`,
      "Add the event to the manifest's emits.",
    );
  const parsed = eventCatalogue[emission.name].safeParse(emission.data);
  if (parsed.success) return;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? "data" : ["data", ...issue.path].join(".");
  throw refuse(
    "InputInvalid",
    `${manifest.agentId} emitted ${emission.name} with data that its schema does not take: ${where}: ${issue?.message}.`,
    `See the shape: connectsoft schema show ${emission.name}`,
  );
}

/** What a subscription says of types of events: a name, a glob of names, or what people call several of them. */
import picomatch from "picomatch";
import { type EventName, eventCatalogue } from "../event/event-catalogue.ts";
import { eventTypePrefix } from "../event/event-name.ts";
import { presets } from "../notification/event-selection.ts";

const names = Object.keys(eventCatalogue) as EventName[];
const usual: Record<string, readonly EventName[]> = presets;

/** Of `DeploymentCompleted`, `Deployment*`, `com.connectsoft.delivery.Deployment*` or `deployed`; none where nothing is called so. */
export function namesOf(pattern: string): readonly EventName[] {
  const word = pattern.startsWith(eventTypePrefix) ? pattern.slice(eventTypePrefix.length) : pattern;
  if (Object.hasOwn(usual, word)) return usual[word] ?? [];
  if (!/^[A-Za-z*?]{1,100}$/.test(word)) return [];
  const fits = picomatch(word, { noextglob: true, nonegate: true });
  return names.filter((name) => fits(name));
}

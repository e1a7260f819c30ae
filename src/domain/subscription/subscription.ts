/** Who outside is told of what by the API's own subscriptions: the shape that people write, and what it selects. */
import { z } from "zod";
import { fittingNames } from "../cdevents/fitting.ts";
import type { EventName } from "../event/event-catalogue.ts";
import { presets } from "../notification/event-selection.ts";
import { cdeventsSchema, webhookFormats, webhookUrl } from "../notification/notification-settings.ts";
import { slug } from "../scope.ts";
import { patternProblem, regularExpression } from "./artifact-pattern.ts";
import { namesOf } from "./event-pattern.ts";
import { type ReachedState, reachedBy, reachedStates } from "./reached-states.ts";

const eventPattern = z.string().superRefine((pattern, context) => {
  if (namesOf(pattern).length > 0) return;
  const message = `${JSON.stringify(pattern.slice(0, 100))} is no type of event: expected one as ReleaseApproved, a pattern as Deployment*, or ${Object.keys(presets).join(", ")}`;
  context.addIssue({ code: "custom", message });
});

const artifactPattern = z.string().superRefine((pattern, context) => {
  const problem = patternProblem(pattern);
  if (problem === undefined) return;
  context.addIssue({ code: "custom", message: `${JSON.stringify(pattern.slice(0, 100))}: ${problem}` });
});

export const subscriptionSpecSchema = z
  .object({
    /** Where it is posted to. */
    url: webhookUrl,
    format: z.enum(webhookFormats).default("structured"),
    cdevents: cdeventsSchema.optional(),
    /** Types of events: names, patterns, or the words that tenant.yaml's targets have for them. */
    events: z.array(eventPattern).max(100).default([]),
    /** Artifacts that are written, by their paths. */
    artifacts: z.array(artifactPattern).max(50).default([]),
    /** States that are reached. */
    states: z
      .array(z.enum(reachedStates as [ReachedState, ...ReachedState[]]))
      .max(20)
      .default([]),
    /** Absent: all. Where there are some, events that belong to no environment are not told. */
    environments: z.array(slug).min(1).max(50).optional(),
    modules: z.array(slug).min(1).max(200).optional(),
    /** Lets it go to an address of a private network or of this host, where tenant.yaml does. */
    allowPrivate: z.boolean().default(false),
    /** Attempts, the first one included, before it is put on the list of the dead. */
    attempts: z.int().min(1).max(50).default(16),
    description: z.string().trim().max(200).optional(),
  })
  .strict();
export type SubscriptionSpec = z.output<typeof subscriptionSpecSchema>;

export interface SubscriptionSelection {
  names: EventName[];
  /** Of the paths of artifacts, as regular expressions. Absent: all that are written, where `names` has them. */
  artifacts?: string[];
  environments?: string[];
  modules?: string[];
}

/** What it is told of: any of its events, artifacts and states, in its environments and of its modules. */
export function selectionOf(spec: SubscriptionSpec): SubscriptionSelection {
  const { events, artifacts, states, environments, modules } = spec;
  const named = [...events.flatMap(namesOf), ...states.flatMap((state) => reachedBy[state])];
  const every = named.includes("ArtifactWritten");
  const names = [...new Set([...named, ...(artifacts.length > 0 ? (["ArtifactWritten"] as const) : [])])];
  return {
    names: spec.format === "cdevents" ? names.filter((name) => fittingNamesOf(spec).includes(name)) : names,
    ...(!every && artifacts.length > 0 && { artifacts: artifacts.map(regularExpression) }),
    ...(environments !== undefined && { environments }),
    ...(modules !== undefined && { modules }),
  };
}

function fittingNamesOf({ cdevents }: SubscriptionSpec): EventName[] {
  return fittingNames({ drafts: cdevents?.drafts === true });
}

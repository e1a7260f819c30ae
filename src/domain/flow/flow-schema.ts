/** The shape of a flow file; what it means is checked by parseFlow. `connectsoft schema show flow` prints it. */
import { z } from "zod";
import { eventCatalogue } from "../event/event-catalogue.ts";
import { durationForm } from "./duration.ts";
import { guardForms } from "./guards.ts";

const event = z.enum(Object.keys(eventCatalogue)).describe("an event of the catalogue");
const memoryTrigger = z
  .string()
  .regex(/^memory: ?\S+$/)
  .describe('"memory: PipelineSnapshot.yaml": that artifact was written');
const duration = z.string().regex(durationForm).describe("250ms, 10s, 5m, 2h or 3d");
const stateName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,79}$/);
const target = z
  .string()
  .min(1)
  .describe("a state beside this one, else further out; a dotted path; or .child for one inside");

const transition = z.union([
  target,
  z.strictObject({
    target,
    guard: z.enum(guardForms).optional().describe("only where this holds"),
    reenter: z.boolean().optional().describe("leave and enter again: what was awaited is abandoned"),
    memory: z.string().min(1).optional().describe("on ArtifactWritten: only for the artifact of this name"),
  }),
]);
const transitions = z
  .union([...transition.options, z.array(transition).min(1)])
  .describe("the first whose guard holds is taken");

const invoke = z.strictObject({
  agent: z.string().optional().describe("one of the six agents"),
  skill: z.string().optional().describe("the agent's first skill where none is named"),
  flow: z.string().optional().describe("another flow instead of an agent"),
  retry: z
    .strictObject({
      limit: z.int().min(0).max(100).describe("attempts after the first"),
      backoff: duration.default("2s").describe("before the first of them; doubled for each further one"),
    })
    .optional(),
  onDone: transitions.optional(),
  onError: transitions.optional(),
});

const stateSchema = z.strictObject({
  description: z.string().optional(),
  type: z.enum(["parallel", "final"]).optional(),
  initial: z.string().optional().describe("the first of its states where none is named"),
  get states() {
    return z.record(stateName, stateSchema).optional();
  },
  on: z.partialRecord(z.union([event, memoryTrigger]), transitions).optional(),
  invoke: invoke.optional(),
  onDone: transitions.optional().describe("the invocation ended well, or the states inside have ended"),
  onError: transitions.optional().describe("the invocation failed and its retries are used up"),
  after: z
    .partialRecord(z.union([z.literal("until"), duration]), transitions)
    .optional()
    .describe("timers; `until` is the time that data.until of the entering event names"),
  always: transitions.optional(),
  emit: z
    .union([event, z.array(event).min(1)])
    .optional()
    .describe("events that the flow states on entry"),
  tags: z.array(z.string()).optional(),
});

export const flowFileSchema = z
  .strictObject({
    flow: z.string().optional().describe("the flow's name; that of the file where none is given"),
    name: z.string().optional().describe("the same as flow"),
    version: z.union([z.int(), z.string()]).optional(),
    description: z.string().optional(),
    type: z.literal("parallel").optional(),
    initial: z.string().optional().describe("the first state where none is named"),
    states: z.record(stateName, stateSchema),
  })
  .describe("A flow: the statechart that conducts deliveries");

export type FlowFile = z.infer<typeof flowFileSchema>;
export type StateFile = z.infer<typeof stateSchema>;
export type TransitionsFile = z.infer<typeof transitions>;

/** The keys that each place of a flow file allows. */
export const allowedKeys = {
  flow: Object.keys(flowFileSchema.shape),
  state: Object.keys(stateSchema.shape),
  invoke: Object.keys(invoke.shape),
  retry: ["limit", "backoff"],
  transition: ["target", "guard", "reenter", "memory"],
};

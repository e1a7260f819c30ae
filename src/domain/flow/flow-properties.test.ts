import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drive, noon, path, readFlow } from "../../../test/flows/drive.ts";
import { type EventName, eventCatalogue } from "../event/event-catalogue.ts";
import type { CompiledFlow, FlowContext, FlowInput, FlowStep } from "./compiled-flow.ts";

const names = Object.keys(eventCatalogue) as EventName[];
const data = fc.record(
  {
    recoverable: fc.boolean(),
    until: fc.constantFrom("2026-01-02T00:00:00.000Z", "2020-01-01T00:00:00.000Z", "?"),
  },
  { requiredKeys: [] },
);

/** Inputs that a state may listen for are chosen as often as any others, so that runs go deep. */
type Choice = { pick: number; stray: FlowInput | undefined; data: { recoverable?: boolean; until?: string } };
const choices: fc.Arbitrary<Choice[]> = fc.array(
  fc.record({
    pick: fc.nat(),
    data,
    stray: fc.option(
      fc.oneof(
        fc.constantFrom(...names).map((name): FlowInput => ({ kind: "event", name, time: noon, data: {} })),
        fc.constantFrom("building", "nowhere").map((key): FlowInput => ({ kind: "done", key })),
      ),
      { nil: undefined },
    ),
  }),
  { maxLength: 60 },
);

/** Where the other region has ended too, a restart into a region's last state ends both. */
const isNotLast = (leaf: string) => !/\.(pull_request_created|infra_provisioned)$/.test(leaf);

describe.each([
  ["delivery", readFlow("flows/delivery.yaml"), path],
  ["environment", readFlow("flows/environment.yaml"), { ...path, environment: "staging" }],
  ["fragment", readFlow("test/flows/fragments/delivery-flow.yaml"), path],
] as const)("the %s flow", (_name, flow, context) => {
  test("gives the same snapshots and effects when its inputs are replayed from the start", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { inputs, steps } = walk(flow, context, chosen);
        const replay = drive(flow, context);
        const again = inputs.map((input) => replay.send(input));
        expect(again).toEqual(steps);
      }),
    );
  });

  test("always has a way out: an input that it accepts, an invocation or a timer, until it has ended", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { open, snapshot } = walk(flow, context, chosen);
        if (snapshot.status === "done") return;
        expect(flow.accepts(snapshot, context).length + open.size).toBeGreaterThan(0);
      }),
    );
  });

  test("what it awaits is begun once and ended once, and is asked for by an active state", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { open, snapshot, doubled } = walk(flow, context, chosen);
        expect(doubled).toEqual([]);
        for (const key of open) expect(flow.active(snapshot).some((leaf) => key.includes(leaf))).toBe(true);
      }),
    );
  });

  test("can be restarted into any of its active states from anywhere, and goes on from there", () => {
    fc.assert(
      fc.property(choices, choices, (before, there) => {
        const [wanted = ""] = flow.active(walk(flow, context, there).snapshot).filter(isNotLast);
        fc.pre(wanted !== "");
        const step = flow.restart(walk(flow, context, before).snapshot, context, wanted);
        expect(step && flow.active(step.snapshot)).toContain(wanted);
      }),
    );
  });

  test("an accepted event moves it, where an event of that name could ever pass its guards", () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { snapshot } = walk(flow, context, chosen);
        for (const name of flow.accepts(snapshot, context)) {
          const tries = context.environments.flatMap((environment) =>
            [{}, { correct: true }].map(
              (data): FlowInput => ({ kind: "event", name, time: noon, data, environment }),
            ),
          );
          expect(tries.some((input) => flow.send(snapshot, context, input).moved)).toBe(true);
        }
        const silent = names.filter((name) => !flow.accepts(snapshot, context).includes(name));
        for (const name of silent) {
          expect(flow.send(snapshot, context, { kind: "event", name, time: noon, data: {} }).moved).toBe(
            false,
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

interface Walk {
  inputs: FlowInput[];
  steps: FlowStep[];
  /** What is awaited at the end: keys of invocations, ids of timers. */
  open: Set<string>;
  /** Keys that were begun while they were open, or abandoned while they were not. */
  doubled: string[];
  snapshot: FlowStep["snapshot"];
}

function walk(flow: CompiledFlow, context: FlowContext, chosen: Choice[]): Walk {
  const run = drive(flow, context);
  const walked: Walk = { inputs: [], steps: [], open: new Set(), doubled: [], snapshot: run.snapshot };
  follow(walked, run.effects);
  for (const choice of chosen) {
    const input = choice.stray ?? choose(choice, [...walked.open], run.accepts(), context);
    if (input === undefined) break;
    walked.inputs.push(input);
    const step = run.send(input);
    walked.steps.push(step);
    if (step.moved && input.kind === "timer") walked.open.delete(input.timerId);
    if (step.moved && (input.kind === "done" || input.kind === "failed")) walked.open.delete(input.key);
    follow(walked, step.effects);
  }
  return { ...walked, snapshot: run.snapshot };
}

function choose(
  choice: Choice,
  open: string[],
  accepted: EventName[],
  context: FlowContext,
): FlowInput | undefined {
  const environment = context.environments[choice.pick % context.environments.length] ?? "";
  const inputs: FlowInput[] = [
    ...accepted.map(
      (name): FlowInput => ({ kind: "event", name, time: noon, data: choice.data, environment }),
    ),
    ...open.flatMap((key): FlowInput[] =>
      key.includes("#")
        ? [{ kind: "timer", timerId: key }]
        : [
            { kind: "done", key },
            { kind: "failed", key },
          ],
    ),
  ];
  return inputs[choice.pick % Math.max(1, inputs.length)];
}

function follow(walked: Walk, effects: FlowStep["effects"]): void {
  for (const effect of effects) {
    if (effect.kind === "emit") continue;
    const key = "key" in effect ? effect.key : effect.timerId;
    const begins = effect.kind !== "abandon" && effect.kind !== "cancelTimer";
    // A timer of a named time may never have been set; its cancellation says nothing.
    if (begins ? walked.open.has(key) : effect.kind === "abandon" && !walked.open.has(key))
      walked.doubled.push(key);
    if (begins) walked.open.add(key);
    else walked.open.delete(key);
  }
}

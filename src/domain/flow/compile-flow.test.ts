import { describe, expect, test } from "vitest";
import {
  done,
  drive,
  event,
  failed,
  flowOf,
  kinds,
  path,
  readFlow,
  timer,
} from "../../../test/flows/drive.ts";

const delivery = readFlow("flows/delivery.yaml");
const environment = readFlow("flows/environment.yaml");
const staging = { ...path, environment: "staging" };

describe("the delivery flow", () => {
  test("waits for code and infrastructure, whichever comes first, and builds once", () => {
    const run = drive(delivery);
    expect(run.active()).toEqual(["module_ready"]);
    run.send(event("ModuleReady"));
    expect(run.active()).toEqual([
      "preparing.code.committing",
      "preparing.infrastructure.provisioning_ahead",
    ]);
    run.send(done("preparing.code.committing"), done("preparing.code.opening_pull_request"));
    expect(run.active()).toEqual([
      "preparing.code.pull_request_created",
      "preparing.infrastructure.provisioning_ahead",
    ]);
    run.send(done("preparing.infrastructure.provisioning_ahead"));
    expect(run.active()).toEqual(["generating_pipeline"]);
    run.send(
      done("generating_pipeline"),
      done("building"),
      done("testing"),
      done("scanning"),
      done("merging"),
    );
    expect(kinds(run.effects)).toEqual([
      "invoke preparing.code.committing",
      "invoke preparing.infrastructure.provisioning_ahead",
      "invoke preparing.code.opening_pull_request",
      "invoke generating_pipeline",
      "invoke building",
      "invoke testing",
      "invoke scanning",
      "invoke merging",
      "invokeFlow promoting",
    ]);
  });

  test("goes through its environments in turn and states that it is published after the last", () => {
    const run = drive(delivery);
    run.restart("promoting");
    const next = run.send(event("DeploymentCompleted", {}, "dev"));
    expect(kinds(next.effects)).toEqual(["abandon promoting", "invokeFlow promoting"]);
    run.send(event("DeploymentCompleted", {}, "staging"));
    const last = run.send(event("DeploymentCompleted", {}, "production"));
    expect(run.active()).toEqual(["published"]);
    expect(kinds(last.effects)).toEqual(["abandon promoting", "emit ReleasePublished"]);
  });

  test("hands the agent its skill and retry policy", () => {
    const run = drive(delivery);
    expect(run.send(event("ModuleReady")).effects[0]).toEqual({
      kind: "invoke",
      key: "preparing.code.committing",
      state: "preparing.code.committing",
      agentId: "code-committer",
      skillId: "CommitModule",
      retry: { limit: 3, backoffMs: 2000 },
    });
  });
});

describe("the environment flow", () => {
  test("evaluates again at the time that the delay names", () => {
    const run = drive(environment, staging);
    run.restart("evaluation");
    const delayed = run.send(event("ReleaseDelayed", { until: "2026-01-01T12:00:30.000Z" }));
    expect(delayed.effects).toEqual([
      { kind: "abandon", key: "evaluation" },
      { kind: "timer", timerId: "delayed#until", delayMs: 30_000 },
    ]);
    const again = run.send(timer("delayed#until"));
    expect(kinds(again.effects)).toEqual(["invoke evaluation"]);
  });

  test("evaluates at once where the time is past", () => {
    const run = drive(environment, staging);
    run.restart("evaluation");
    const delayed = run.send(event("ReleaseDelayed", { until: "2025-01-01T00:00:00.000Z" }));
    expect(delayed.effects).toContainEqual({ kind: "timer", timerId: "delayed#until", delayMs: 0 });
  });

  test.each([{}, { until: "soon" }, { until: 5 }])(
    "sets no timer where the event names no time: %j",
    (data) => {
      const run = drive(environment, staging);
      run.restart("evaluation");
      expect(kinds(run.send(event("ReleaseDelayed", data)).effects)).toEqual(["abandon evaluation"]);
    },
  );

  test("sets the timer anew where a person delays again", () => {
    const run = drive(environment, staging);
    run.restart("evaluation");
    run.send(event("ReleaseDelayed", { until: "2026-01-01T12:00:30.000Z" }));
    const later = run.send(event("RetryDelayed", { until: "2026-01-01T13:00:00.000Z" }));
    expect(later.effects).toEqual([
      { kind: "cancelTimer", timerId: "delayed#until" },
      { kind: "timer", timerId: "delayed#until", delayMs: 3_600_000 },
    ]);
  });

  test("keeps the evaluation awaited where its agent ends without a verdict", () => {
    const run = drive(environment, staging);
    run.restart("evaluation");
    expect(run.send(done("evaluation")).moved).toBe(false);
    expect(run.active()).toEqual(["evaluation"]);
  });
});

describe("inputs", () => {
  test("an input that the state does not listen for changes nothing", () => {
    const run = drive(delivery);
    const step = run.send(event("ReleaseApproved"));
    expect(step).toEqual({
      snapshot: { value: "module_ready", status: "active" },
      moved: false,
      effects: [],
    });
  });

  test.each([done("building"), failed("building"), timer("x#1"), done("module_ready")])(
    "the late end of something not awaited is ignored: %j",
    (input) => {
      const run = drive(delivery);
      expect(run.send(input).moved).toBe(false);
      expect(run.snapshot.status).toBe("active");
    },
  );

  test("what is left without having ended is abandoned, and its timers are cancelled", () => {
    const run = drive(
      flowOf(`states:
  working:
    invoke: { agent: code-committer }
    after: { 10s: slow, 2m: stopped }
    on: { DeliveryCancelled: stopped }
    onDone: stopped
  slow: { on: { RetryDelayed: working } }
  stopped: { type: final }
`),
    );
    expect(kinds(run.effects)).toEqual(["timer working#10000", "timer working#120000", "invoke working"]);
    const fired = run.send(timer("working#10000"));
    expect(kinds(fired.effects)).toEqual(["cancelTimer working#120000", "abandon working"]);
    run.send(event("RetryDelayed"));
    const ended = run.send(done("working"));
    expect(kinds(ended.effects)).toEqual(["cancelTimer working#10000", "cancelTimer working#120000"]);
    expect(run.snapshot).toEqual({ value: "stopped", status: "done" });
    expect(run.accepts()).toEqual([]);
  });

  test("a state that is entered again abandons the earlier invocation and starts another", () => {
    const run = drive(
      flowOf(`states:
  working:
    invoke: { agent: code-committer }
    on: { StudioCommitRequest: { target: working, reenter: true } }
    onDone: ended
  ended: { type: final }
`),
    );
    expect(kinds(run.send(event("StudioCommitRequest")).effects)).toEqual([
      "abandon working",
      "invoke working",
    ]);
  });

  test("an invocation that begins and is left within one step is never asked for", () => {
    const run = drive(
      flowOf(`states:
  waiting: { on: { DeploymentFailed: working } }
  working:
    invoke: { agent: code-committer }
    onDone: ended
    always: { guard: recoverable, target: waiting }
  ended: { type: final }
`),
    );
    expect(run.send(event("DeploymentFailed", { recoverable: true }))).toMatchObject({
      moved: true,
      effects: [],
    });
    expect(kinds(run.send(event("DeploymentFailed", { recoverable: false })).effects)).toEqual([
      "invoke working",
    ]);
  });

  test("a memory write moves the flow only where it is the artifact that is named", () => {
    const run = drive(
      flowOf(`states:
  waiting:
    on:
      ArtifactWritten: { memory: PipelineSnapshot.yaml, target: snapshot }
      "memory: RolloutPlan.yaml": plan
  snapshot: { type: final }
  plan: { type: final }
`),
    );
    expect(run.accepts()).toEqual(["ArtifactWritten"]);
    expect(run.send(event("ArtifactWritten", { name: "SBOM.json" })).moved).toBe(false);
    run.send(event("ArtifactWritten", { name: "RolloutPlan.yaml" }));
    expect(run.active()).toEqual(["plan"]);
  });

  test("the first transition of a list whose guard holds is taken", () => {
    const flow = flowOf(`states:
  a:
    on:
      DeploymentFailed:
        - { guard: not recoverable, target: lost }
        - { guard: lastEnvironment, target: last }
        - { guard: moreEnvironments, target: more }
        - unknown
  lost: { type: final }
  last: { type: final }
  more: { type: final }
  unknown: { type: final }
`);
    const after = (data: { recoverable: boolean; environment?: string }, of?: string) => {
      const run = drive(flow);
      run.send(event("DeploymentFailed", data, of));
      return run.active()[0];
    };
    expect(after({ recoverable: false }, "production")).toBe("lost");
    expect(after({ recoverable: true }, "production")).toBe("last");
    expect(after({ recoverable: true, environment: "dev" })).toBe("more");
    expect(after({ recoverable: true })).toBe("unknown");
    expect(after({ recoverable: true }, "elsewhere")).toBe("unknown");
  });

  test("a parallel state moves on when its last region ends, whatever was read back from JSON before", () => {
    const run = drive(
      flowOf(`states:
  both:
    type: parallel
    states:
      left: { states: { a: { on: { TestsPassed: b } }, b: { type: final } } }
      right: { states: { a: { on: { ScanCompleted: b } }, b: { type: final } } }
      atomic: { type: final }
    onDone: ended
  ended: { type: final, emit: ReleasePublished }
`),
    );
    expect(run.active()).toEqual(["both.left.a", "both.right.a", "both.atomic"]);
    expect(run.send(event("TestsPassed")).moved).toBe(true);
    expect(run.send(event("TestsPassed")).moved).toBe(false);
    expect(kinds(run.send(event("ScanCompleted")).effects)).toEqual(["emit ReleasePublished"]);
    expect(run.snapshot.status).toBe("done");
  });
});

describe("accepts", () => {
  test("names the events that could move the flow, those of the states around included", () => {
    const run = drive(
      flowOf(`states:
  outer:
    on: { DeliveryCancelled: stopped }
    states: { a: { on: { TestsPassed: b } }, b: { type: final } }
    onDone: stopped
  stopped: { type: final }
`),
    );
    expect(run.accepts()).toEqual(["TestsPassed", "DeliveryCancelled"]);
  });

  test("leaves out an event that no event data could make pass", () => {
    const flow = flowOf(`states:
  a: { on: { DeploymentCompleted: { guard: moreEnvironments, target: b }, ReleaseRevoked: b } }
  b: { type: final }
`);
    expect(drive(flow, { environments: ["production"] }).accepts()).toEqual(["ReleaseRevoked"]);
    expect(drive(flow).accepts()).toEqual(["DeploymentCompleted", "ReleaseRevoked"]);
  });
});

describe("restart", () => {
  test("enters a state afresh and abandons what was awaited", () => {
    const run = drive(delivery);
    run.restart("building");
    const step = run.restart("testing");
    expect(step?.moved).toBe(true);
    expect(kinds(step?.effects ?? [])).toEqual(["abandon building", "invoke testing"]);
    expect(kinds(run.restart("testing")?.effects ?? [])).toEqual(["abandon testing", "invoke testing"]);
  });

  test("within a parallel state that is active, only the region of the state begins again", () => {
    const run = drive(delivery);
    run.send(
      event("ModuleReady"),
      done("preparing.code.committing"),
      done("preparing.code.opening_pull_request"),
    );
    const step = run.restart("preparing.code.committing");
    expect(kinds(step?.effects ?? [])).toEqual(["invoke preparing.code.committing"]);
    expect(run.active()).toEqual([
      "preparing.code.committing",
      "preparing.infrastructure.provisioning_ahead",
    ]);
  });

  test("a region that is named begins again alone", () => {
    const run = drive(delivery);
    run.send(event("ModuleReady"), done("preparing.code.committing"));
    expect(kinds(run.restart("preparing.infrastructure")?.effects ?? [])).toEqual([
      "abandon preparing.infrastructure.provisioning_ahead",
      "invoke preparing.infrastructure.provisioning_ahead",
    ]);
    expect(run.active()[0]).toBe("preparing.code.opening_pull_request");
  });

  test("from outside a parallel state, the other regions begin at their initial states", () => {
    const run = drive(delivery);
    run.restart("building");
    run.restart("preparing.code.opening_pull_request");
    expect(run.active()).toEqual([
      "preparing.code.opening_pull_request",
      "preparing.infrastructure.provisioning_ahead",
    ]);
  });

  test("the parallel state itself begins again as a whole", () => {
    const run = drive(delivery);
    run.send(event("ModuleReady"), done("preparing.code.committing"));
    run.restart("preparing");
    expect(run.active()).toEqual([
      "preparing.code.committing",
      "preparing.infrastructure.provisioning_ahead",
    ]);
  });

  test("takes up a flow that has ended", () => {
    const run = drive(
      flowOf("states:\n  a: { invoke: { agent: code-committer }, onDone: b }\n  b: { type: final }\n"),
    );
    run.send(done("a"));
    expect(run.snapshot.status).toBe("done");
    run.restart("a");
    expect(run.snapshot).toEqual({ value: "a", status: "active" });
    expect(run.send(done("a")).snapshot.status).toBe("done");
  });

  test("a state into which only a timer of an event leads has no timer after a restart", () => {
    const run = drive(environment, staging);
    expect(run.restart("delayed")?.effects).toEqual([{ kind: "abandon", key: "proposed" }]);
  });

  test.each(["", "nowhere", "preparing.nowhere", "constructor"])(
    "answers undefined for a state that is not there: %j",
    (state) => {
      expect(drive(delivery).restart(state)).toBeUndefined();
    },
  );
});

test.each([
  "nowhere",
  "preparing",
  { preparing: { code: "committing" } },
  { preparing: { code: "committing", infrastructure: "provisioning_ahead", more: "x" } },
  { building: "x" },
  { module_ready: {}, building: {} },
  "toString",
  5,
  null,
  [],
])("a snapshot of another version of the flow is refused by name: %j", (value) => {
  const send = () => delivery.send({ value, status: "active" }, path, event("ModuleReady"));
  expect(send).toThrow(/^Conflict: flow delivery \(sha256:[0-9a-f]{12}\) has no such combination of states/);
  expect(() => delivery.active({ value, status: "active" })).toThrow(/^Conflict/);
});

test("a flow knows its version by the digest of its text", () => {
  expect(delivery.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(flowOf(delivery.text).digest).toBe(delivery.digest);
  expect(flowOf(`${delivery.text}\n`).digest).not.toBe(delivery.digest);
});

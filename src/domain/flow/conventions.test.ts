import { describe, expect, test } from "vitest";
import { done, drive, event, failed, flowOf } from "../../../test/flows/drive.ts";
import { eventCatalogue } from "../event/event-catalogue.ts";
import { snakeCase } from "./conventions.ts";

test.each([
  ["DeploymentCompleted", "deployment_completed"],
  ["StudioPRAction", "studio_pr_action"],
  ["PipelineReady", "pipeline_ready"],
])("a state named after %s is %s", (event, state) => {
  expect(snakeCase(event)).toBe(state);
});

test("no two events name the same state", () => {
  const names = Object.keys(eventCatalogue).map(snakeCase);
  expect(new Set(names).size).toBe(names.length);
});

describe("the end of an agent", () => {
  test("leads to the declared state of its event, found outside where it is not beside", () => {
    const run = drive(
      flowOf(`states:
  outer: { states: { working: { invoke: { agent: code-committer } } } }
  commit_ready: { on: { RetryDelayed: outer } }
`),
    );
    run.send(done("outer.working"));
    expect(run.active()).toEqual(["commit_ready"]);
  });

  test("is a final state of its region where none is declared", () => {
    const run = drive(
      flowOf(`states:
  both:
    type: parallel
    states:
      code: { states: { working: { invoke: { agent: code-committer } } } }
      infrastructure: { states: { working: { invoke: { agent: cloud-provisioner } } } }
    onDone: pipeline_ready
`),
    );
    run.send(done("both.code.working"));
    expect(run.active()).toEqual(["both.code.commit_ready", "both.infrastructure.working"]);
    run.send(failed("both.infrastructure.working"));
    expect(run.active()).toEqual(["both.code.commit_ready", "both.infrastructure.agent_failed.working"]);
    run.send(event("ProvisionRequested"), done("both.infrastructure.working"));
    expect(run.snapshot).toEqual({ value: "pipeline_ready", status: "done" });
  });

  test("moves nothing where the state listens for its event itself", () => {
    const run = drive(
      flowOf(`states:
  deciding: { invoke: { agent: release-manager }, on: { ReleaseApproved: approved } }
  approved: { type: final }
`),
    );
    expect(run.send(done("deciding")).moved).toBe(false);
    expect(run.send(event("ReleaseApproved")).snapshot.status).toBe("done");
  });
});

describe("the failure of an agent", () => {
  test("leads to the declared state of its event", () => {
    const run = drive(
      flowOf(`states:
  working: { invoke: { agent: devops-engineer }, onDone: ended }
  pipeline_invalid: { on: { RebuildPipelineRequested: working } }
  ended: { type: final }
`),
    );
    run.send(failed("working"));
    expect(run.active()).toEqual(["pipeline_invalid"]);
  });

  test("leads to a state agent_failed that the file declares", () => {
    const run = drive(
      flowOf(`states:
  working: { invoke: { agent: code-committer } }
  agent_failed: { on: { RetryDelayed: working } }
`),
    );
    run.send(failed("working"));
    expect(run.active()).toEqual(["agent_failed"]);
  });

  test("of a region without states of its own rests outside the parallel state", () => {
    const run = drive(
      flowOf(`states:
  both:
    type: parallel
    states:
      code: { invoke: { agent: code-committer } }
      infrastructure: { invoke: { agent: cloud-provisioner } }
`),
    );
    run.send(failed("both.code"));
    expect(run.active()).toEqual(["agent_failed.both-code"]);
    run.send(event("StudioCommitRequest"));
    expect(run.active()).toEqual(["both.code", "both.infrastructure"]);
  });
});

test("the end of an invoked flow moves only where the file says so", () => {
  const silent = drive(
    flowOf("states:\n  a: { invoke: { flow: x }, on: { ReleasePublished: b } }\n  b: { type: final }\n"),
  );
  expect(silent.send(done("a"), failed("a")).moved).toBe(false);
  const told = drive(flowOf("states:\n  a: { invoke: { flow: x }, onDone: b }\n  b: { type: final }\n"));
  expect(told.send(done("a")).snapshot.status).toBe("done");
});

test("a target is looked for beside the state first, then further out, and inside with a dot", () => {
  const run = drive(
    flowOf(`states:
  outer:
    on: { DeployRequested: .near, HotfixApproved: outer.far }
    states:
      near: { on: { TestsPassed: far } }
      far: { on: { TestsPassed: beyond } }
  far: { on: { TestsPassed: outer } }
  beyond: { on: { TestsPassed: far } }
`),
  );
  const visited = [1, 2, 3, 4].map(() => run.send(event("TestsPassed")) && run.active()[0]);
  expect(visited).toEqual(["outer.far", "beyond", "far", "outer.near"]);
  run.send(event("HotfixApproved"));
  expect(run.active()).toEqual(["outer.far"]);
  run.send(event("DeployRequested"));
  expect(run.active()).toEqual(["outer.near"]);
});

/** The two fragments of the source description, word for word but for the indentation that it lost. */
import { expect, test } from "vitest";
import { done, drive, event, failed, kinds, readFlow } from "./drive.ts";

const snippet = readFlow("test/flows/fragments/orchestrator-integration.yaml");
const delivery = readFlow("test/flows/fragments/delivery-flow.yaml");

test("the orchestrator snippet runs from a ready module to a completed deployment", () => {
  const run = drive(snippet);
  expect(run.active()).toEqual(["module_ready"]);
  run.send(event("CommitReady"));
  expect(run.active()).toEqual(["pr_created"]);
  run.send(done("pr_created"));
  expect(run.active()).toEqual(["pipeline_ready"]);
  run.send(event("TestsPassed"));
  expect(run.active()).toEqual(["release_evaluation"]);
  run.send(done("release_evaluation"));
  expect(run.active()).toEqual(["release_approved"]);
  run.send(done("release_approved"));
  expect(run.snapshot).toEqual({ value: "deployment_completed", status: "done" });
  expect(run.effects).toMatchObject([
    { kind: "invoke", agentId: "devops-engineer", skillId: "GeneratePipeline" },
    { kind: "invoke", agentId: "release-manager", skillId: "EvaluateRelease" },
    { kind: "invoke", agentId: "deployment-orchestrator", skillId: "DeployRelease" },
  ]);
});

test("a step of the snippet that fails rests by name, and a person takes it up again", () => {
  const run = drive(snippet);
  run.send(event("CommitReady"), failed("pr_created"));
  expect(run.active()).toEqual(["agent_failed.pr_created"]);
  expect(run.accepts()).toEqual(["RetryDelayed", "RebuildPipelineRequested"]);
  expect(kinds(run.send(event("RebuildPipelineRequested")).effects)).toEqual(["invoke pr_created"]);
  run.send(done("pr_created"), event("TestsPassed"), failed("release_evaluation"), event("RetryDelayed"));
  expect(run.active()).toEqual(["release_evaluation"]);
});

test("the delivery fragment runs from a generated module to a completed deployment", () => {
  const run = drive(delivery);
  expect(run.accepts()).toEqual(["ModuleGenerated"]);
  run.send(event("ModuleGenerated"));
  const visited: string[] = [];
  while (run.snapshot.status === "active") {
    const [state = ""] = run.active();
    visited.push(state);
    run.send(done(state));
  }
  expect(visited).toEqual([
    "commit_ready",
    "pull_request_created",
    "pipeline_ready",
    "release_evaluation",
    "release_approved",
  ]);
  expect(run.active()).toEqual(["deployment_completed"]);
});

test("a release that is not approved ends the delivery fragment as rejected", () => {
  const run = drive(delivery);
  run.restart("release_evaluation");
  run.send(failed("release_evaluation"));
  expect(run.snapshot).toEqual({ value: "release_rejected", status: "done" });
});

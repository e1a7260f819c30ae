/** The main job: a real service from its folder to production, with everything that it leaves behind. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type DeliveryEvent, verifyChain } from "../../src/domain/event/event.ts";
import { named, namesOf, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Installation, linesOf } from "./support/installation.ts";
import { copyExample } from "./support/modules.ts";
import { processesOf } from "./support/processes.ts";
import { root } from "./support/run-program.ts";

const example = path.join(root, "examples/booking-service");

describe("a delivery of booking-service", () => {
  let site: Installation;
  let trace: string;
  let events: DeliveryEvent[];
  let waited: number;
  let approval: Awaited<ReturnType<Installation["studio"]>>;
  let ended: number;

  beforeAll(async () => {
    site = await createInstallation();
    const first = await site.deliver(example);
    waited = first.code;
    trace = first.trace;
    const release = String(only(first.events, "ApprovalRequested").data.releaseId);
    approval = await site.studio(["approve-release", release, "--comment", "seen it in staging"]);
    const second = await site.follow(trace);
    ended = second.code;
    events = second.events;
  });

  afterAll(() => site.close());

  it("waits for a person with exit code 3, and is done with 0 when it is live in production", async () => {
    expect(waited).toBe(3);
    expect(approval).toMatchObject({ code: 0, stderr: "" });
    expect(approval.stdout).toContain("goes on to production");
    expect(ended).toBe(0);
    const status = await site.status(trace);
    expect(status.explanation.kind).toBe("published");
    expect(status.instances.map(({ instance, states }) => [instance, states])).toEqual([
      ["delivery", ["published"]],
      ["staging", ["live"]],
      ["production", ["live"]],
    ]);
  });

  it("goes through the steps in order, production only after the approval", () => {
    const steps = named(events, "AgentCompleted")
      .filter(({ data }) => data.outcome !== "Delayed")
      .map(({ environment, skillid }) => (environment === undefined ? skillid : `${environment} ${skillid}`));
    const environment = (id: string) =>
      [
        "ProposeRelease",
        "PlanInfrastructure",
        "PlanRollout",
        "EvaluateRelease",
        "ApplyInfrastructure",
        "DeployRelease",
      ].map((skill) => `${id} ${skill}`);
    const code = [
      "CommitModule",
      "OpenPullRequest",
      "GeneratePipeline",
      "BuildArtifact",
      "RunTests",
      "RunScan",
      "MergePullRequest",
    ];
    expect(steps.filter((step) => step !== "ProvisionAhead")).toEqual([
      ...code,
      ...environment("staging"),
      ...environment("production"),
    ]);
    expect(steps).toContain("ProvisionAhead");
    const names = namesOf(events.filter((event) => event.environment === "production"));
    expect(names.indexOf("ApprovalGranted")).toBeLessThan(names.indexOf("DeploymentStarted"));
  });

  it("answers through the router in both environments, with the same bytes", async () => {
    const deployed = named(events, "DeploymentCompleted");
    expect(deployed.map((event) => event.environment)).toEqual(["staging", "production"]);
    const pids = new Set<string>();
    for (const { data } of deployed) {
      const answer = await ask(String(data.url));
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toEqual({ service: "booking-service", version: "1.0.0", ready: true });
      pids.add(String(data.url));
    }
    expect(pids.size).toBe(2);
    const [built] = named(events, "ArtifactBuilt");
    const started = named(events, "DeploymentStarted").map(({ data }) => data.artifact);
    expect(started).toEqual([built?.data.artifact, built?.data.artifact]);
    const services = processesOf(site.home).filter(({ command }) => command.endsWith("src/main.js"));
    expect(services).toHaveLength(2);
  });

  it("has written what its contract promises, and memory export is that, byte by byte", async () => {
    const module = `memory/${trace}/tenant-local/booking-service`;
    const environment = (id: string, release: string) => {
      const place = `memory/${trace}/tenant-local/env-${id}/booking-service`;
      return [
        `${place}/approvals/${release}/ApprovalRecords.yaml`,
        ...["DeploymentSummary.json", "RollbackMap.yaml", "RolloutPlan.yaml"].map(
          (name) => `${place}/deployments/${release}/${name}`,
        ),
        ...["DNSBindings.yaml", "EnvironmentConfig.yaml", "InfrastructurePlan.json"].map(
          (name) => `${place}/env/${name}`,
        ),
        `${place}/releases/${release}/ReleaseSummary.json`,
      ];
    };
    const found = await site.artifacts(trace);
    expect(found.map((one) => one.path)).toEqual(
      expect.arrayContaining([
        `${module}/commits/CommitMetadata.json`,
        ...[
          ".github/workflows/ci.yml",
          ".gitlab-ci.yml",
          "CIStages.yaml",
          "Dockerfile",
          "PipelineSnapshot.yaml",
          "appsettings.Template.json",
          "azure-pipelines.yaml",
          "build.yaml",
          "test.yaml",
        ].map((name) => `${module}/pipelines/${name}`),
        `${module}/pulls/PullRequestMetadata.json`,
        ...environment("staging", "release-000001"),
        ...environment("production", "release-000002"),
      ]),
    );

    const folder = path.join(site.desk, "exported");
    await site.ok(["memory", "export", folder, trace]);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(found.length);
    for (const { path: place, sha256 } of found) {
      const bytes = await readFile(path.join(folder, place));
      expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, place).toBe(sha256);
    }
    const again = await site.connectsoft(["memory", "export", folder, trace]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/^error Conflict: .*\nnext: /);
  });

  it("keeps a chain that verifies offline, and replays to the state that is stored", async () => {
    expect(verifyChain(events)).toMatchObject({ intact: true });
    const lines = linesOf(await site.ok(["timeline", trace, "--json"]));
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
    const forged = events.map((event) =>
      event.sequence === 9 ? { ...event, time: events[0]?.time ?? "" } : event,
    );
    expect(verifyChain(forged)).toMatchObject({ intact: false, sequence: 9 });
    expect(JSON.parse(await site.ok(["replay", trace, "--json"]))).toMatchObject({
      events: events.length,
      chain: { intact: true },
      same: true,
      differences: [],
    });
    expect(await site.ok(["timeline", trace])).toMatch(
      /production +ApprovalGranted +\S+ +approved by \S+: seen it in staging/,
    );
    expect(await site.ok(["explain", trace])).toMatch(/^booking-service is published/);
  });

  it("records who approved which bytes under which policy", async () => {
    const summary = JSON.parse(await site.artifact(trace, "release-000002/ReleaseSummary.json"));
    expect(summary).toMatchObject({
      verdict: "Approved",
      reasons: [],
      policyVersion: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      lineage: { source: { kind: "folder", path: example } },
    });
    expect(summary.gates.map(({ gate, status }: { gate: string; status: string }) => [gate, status])).toEqual(
      expect.arrayContaining([
        ["tests", "Passed"],
        ["approval", "Passed"],
      ]),
    );
    const [record, ...others] = parse(await site.artifact(trace, "release-000002/ApprovalRecords.yaml"));
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      approvedBy: summary.lineage.sponsor,
      counts: true,
      because: "self-approved, single person",
      comment: "seen it in staging",
      method: "CLI",
      digests: summary.digests,
    });
    const [built] = named(events, "ArtifactBuilt");
    expect(summary.digests.artifact).toBe(built?.data.artifact);
    expect(parse(await site.artifact(trace, "release-000001/ApprovalRecords.yaml"))).toEqual([]);
  });

  it("leaves a history in git that leads from the merge back to the trace and its sponsor", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", path.join(site.home, "repositories/local/booking-service.git"), ...args], {
        encoding: "utf8",
      }).trimEnd();
    const branch = `trace/${trace}/booking-service`;
    expect(git("branch", "--format=%(refname:short)").split("\n").sort()).toEqual(["main", branch]);
    const trailer = (key: string, ref: string) =>
      git("log", "-1", `--format=%(trailers:key=${key},valueonly)`, ref).trim();
    const { sponsor } = await site.status(trace);
    for (const ref of ["main", `${branch}~1`]) {
      expect(trailer("Trace-Id", ref)).toBe(trace);
      expect(trailer("Module-Id", ref)).toBe("booking-service");
      expect(trailer("Sponsored-by", ref)).toBe(sponsor);
      expect(trailer("Invocation-Id", ref)).toMatch(/^(inv-|pull-request-)/);
    }
    // The tree that was tested, the one that was merged and the one that was approved are one and the same.
    expect(git("rev-parse", "main^{tree}")).toBe(git("rev-parse", `${branch}^{tree}`));
    expect(only(events, "TestsPassed").data.tree).toBe(git("rev-parse", "main^{tree}"));
    expect(only(events, "PullRequestMerged").data).toMatchObject({ commit: git("rev-parse", "main") });
    for (const file of ["azure-pipelines.yaml", ".github/workflows/ci.yml", ".gitlab-ci.yml", "Dockerfile"])
      expect(`${git("show", `main:${file}`)}\n`).toBe(await site.artifact(trace, `/pipelines/${file}`));
    const pull = JSON.parse(await site.artifact(trace, "PullRequestMetadata.json"));
    expect(pull).toMatchObject({ number: 1, state: "merged", targetBranch: "main", sourceBranch: branch });
    expect(pull.checks).toMatchObject({ build: { conclusion: "success" }, test: { conclusion: "success" } });
    expect(pull.merge.commit).toBe(git("rev-parse", "main"));
  });

  it("is found again when the same bytes are handed over under the same trace, and refused for others", async () => {
    const again = await site.deliver(example, ["--trace", trace]);
    expect(again.code).toBe(0);
    expect(again.events).toHaveLength(events.length);
    const copy = await copyExample(site.desk, "booking-service");
    await writeFile(path.join(copy, "NEWS.md"), "changed\n");
    const other = await site.connectsoft(["deliver", copy, "--trace", trace]);
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toMatch(
      /^error Conflict: .* was handed over before with other content\.\nnext: .*--trace/,
    );
  });
});

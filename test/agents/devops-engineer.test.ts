import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { dialects } from "../../src/adapters/dialect/index.ts";
import {
  createArtifactStore,
  type LocalArtifactStore,
} from "../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../src/adapters/runner/local/create-local-runner.ts";
import { createSecretlintScanner } from "../../src/adapters/secret-scanner/secretlint/create-secretlint-scanner.ts";
import { checkFiles } from "../../src/adapters/validator/index.ts";
import { createNpmAudit } from "../../src/adapters/vulnerability-scanner/npm-audit/create-npm-audit.ts";
import { createDevOpsEngineer } from "../../src/agents/devops-engineer/agent.ts";
import { createGenerationPlanner } from "../../src/agents/devops-engineer/generation/plan-generation.ts";
import { devopsEngineerManifest } from "../../src/agents/devops-engineer/manifest.ts";
import { digestOf, sha256 } from "../../src/domain/canonical-json.ts";
import type { HandOver } from "../../src/domain/delivery/hand-over.ts";
import { generators } from "../../src/domain/pipeline/generators.ts";
import { defaultTenant } from "../../src/domain/tenant/default-tenant.ts";
import type { Agent, AgentOutcome } from "../../src/ports/agent.ts";
import type { PipelineDialect } from "../../src/ports/pipeline-dialect.ts";
import { type FakeContext, fakeContext, sampleHandOver, sampleInvocation } from "../support/agent-context.ts";
import { createTestSourceControl, type TestSourceControl } from "../support/source-control.ts";
import { createTestSigner } from "../support/votes.ts";

let place: string;
let source: TestSourceControl;
let artifacts: LocalArtifactStore;
let agent: Agent;
let count = 0;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "devops-engineer-"));
  source = await createTestSourceControl();
  artifacts = createArtifactStore({ root: join(place, "artifacts") });
  agent = agentWith(dialects);
});
afterAll(async () => {
  await source.stop();
  await rm(place, { recursive: true, force: true });
});

const passing = { "package.json": '{"name":"bakery","version":"1.0.0"}', "server.js": "serve();\n" };
const withTests = { ...passing, "a.test.js": 'require("node:test").test("bread", () => {});\n' };
const withFailure = {
  ...passing,
  "a.test.js": 'require("node:test").test("eggs", () => { throw new Error("out of eggs"); });\n',
};

test("writes every pipeline file to the pull request's branch and to memory, with their digests", async () => {
  const context = await delivery(withTests, { test: ["node", "--test"] });
  const outcome = await run("GeneratePipeline", context);
  const data = emitted(outcome, "PipelineReady");
  const head = await tip(context);
  expect(data).toEqual({ ...head, dialects: ["azure-pipelines", "github-actions", "gitlab-ci"] });

  const files = await source.sourceControl.listFiles(context.handOver.repository, head.commit);
  expect(files).toEqual(expect.arrayContaining(["server.js", ".github/workflows/ci.yml", "Dockerfile"]));
  const snapshot = parse(context.written["pipelines/PipelineSnapshot.yaml"] ?? "");
  expect(snapshot).toMatchObject({
    ...head,
    stages: { build: { status: "Pending" }, test: { status: "Pending" } },
  });
  expect(snapshot.files.length).toBeGreaterThan(8);
  const committed = await source.sourceControl.readFiles(context.handOver.repository, head.commit, files);
  for (const { path } of snapshot.files) expect(context.written[`pipelines/${path}`]).toBe(committed[path]);
  expect(parse(context.written["pipelines/CIStages.yaml"] ?? "").stages).toHaveLength(2);
});

test("a repeated attempt finds its own commit and says the same", async () => {
  const context = await delivery(withTests, { test: ["node", "--test"] });
  const first = await run("GeneratePipeline", context);
  const head = await tip(context);
  expect(await run("GeneratePipeline", context)).toEqual(first);
  expect(await tip(context)).toEqual(head);
});

test("builds the branch's head once, and a second attempt gets the same bytes", async () => {
  const context = await delivery(withTests, { test: ["node", "--test"] });
  await run("GeneratePipeline", context);
  const first = emitted(await run("BuildArtifact", context), "ArtifactBuilt");
  expect(first).toMatchObject(await tip(context));
  const folder = await artifacts.open(String(first.artifact));
  expect(await readFile(join(folder, "server.js"), "utf8")).toBe("serve();\n");
  expect(emitted(await run("BuildArtifact", context), "ArtifactBuilt")).toEqual(first);
  const { stages } = parse(context.written["pipelines/PipelineSnapshot.yaml"] ?? "");
  expect(stages.build).toMatchObject({ status: "Success", artifact: first.artifact });
  const report = JSON.parse(context.written["pipelines/BuildReport.json"] ?? "");
  expect(report).toMatchObject({ status: "Success", artifact: { digest: first.artifact } });
  expect(stages.test.status).toBe("Pending");
});

test("a build leaves an SBOM and a statement of where its bytes came from, the same when asked again", async () => {
  const lock =
    '{"name":"bakery","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"bakery","version":"1.0.0"}}}';
  const context = await delivery({ ...passing, "package-lock.json": lock }, {});
  await run("GeneratePipeline", context);
  const data = emitted(await run("BuildArtifact", context), "ArtifactBuilt");
  const sbom = context.written["supply-chain/SBOM.json"] ?? "";
  const provenance = context.written["supply-chain/provenance.intoto.json"] ?? "";
  expect(data.supplyChain).toEqual({ sbom: sha256(sbom), provenance: sha256(provenance) });
  expect(JSON.parse(sbom)).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { version: "1.0.0" } },
  });
  const statement = JSON.parse(provenance);
  expect(statement.subject[0].digest.sha256).toBe(String(data.artifact).slice("sha256:".length));
  expect(statement.predicate.buildDefinition.externalParameters).toMatchObject(await tip(context));
  expect(emitted(await run("BuildArtifact", context), "ArtifactBuilt")).toEqual(data);
});

test("a scan says what it looked for, and what nobody here could be asked", async () => {
  const context = await delivery(passing, {});
  await run("GeneratePipeline", context);
  const data = emitted(await run("RunScan", context), "ScanCompleted");
  expect(data).toMatchObject({ ...(await tip(context)), secrets: 0, vulnerabilities: "NotScanned" });
  const report = JSON.parse(context.written["pipelines/ScanReport.json"] ?? "");
  expect(digestOf(report)).toBe(data.reportDigest);
  expect(report).toMatchObject({
    secrets: { found: 0, files: expect.any(Number) },
    components: { status: "NotListed" },
    vulnerabilities: { status: "NotScanned", reason: expect.stringContaining("lock file") },
  });
});

test("a secret in the tree fails the scan, and the report does not repeat it", async () => {
  const secret = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
  const context = await delivery(
    { ...passing, "deploy.sh": `curl -H "Authorization: token ${secret}"\n` },
    {},
  );
  const outcome = await run("RunScan", context);
  expect(outcome).toMatchObject({ status: "Failed", retryable: false, refusal: { code: "ScanFailed" } });
  expect(emitted(outcome, "ScanCompleted")).toMatchObject({ secrets: 1, findings: { critical: 1 } });
  expect(JSON.stringify([outcome, context.written["pipelines/ScanReport.json"]])).not.toContain(secret);
});

test("a build that fails quotes its last words and is not tried again", async () => {
  const context = await delivery(passing, { build: ["node", "-e", "throw new Error('no flour')"] });
  await run("GeneratePipeline", context);
  const outcome = await run("BuildArtifact", context);
  expect(outcome).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: { code: "ModuleInvalid", message: expect.stringContaining("build ended with code 1") },
  });
  expect(parse(context.written["pipelines/PipelineSnapshot.yaml"] ?? "").stages.build.status).toBe("Failed");
  const report = JSON.parse(context.written["pipelines/BuildReport.json"] ?? "");
  expect(report).toMatchObject({ stage: "build", status: "Failed", ...(await tip(context)) });
  expect(report.steps.at(-1)).toMatchObject({
    ...{ ended: "exited", exitCode: 1 },
    output: expect.stringContaining("no flour"),
  });
});

test("dependencies that cannot be resolved may be tried again", async () => {
  const needy = {
    "package.json": '{"name":"bakery","version":"1.0.0","dependencies":{"flour":"file:not-there.tgz"}}',
  };
  const context = await delivery(needy, {});
  const outcome = await run("BuildArtifact", context);
  expect(outcome).toMatchObject({
    status: "Failed",
    retryable: true,
    refusal: { message: expect.stringContaining("dependencies of booking-service cannot be resolved") },
  });
});

test("passed tests are evidence for exactly this head, and the report's digest can be taken again", async () => {
  const context = await delivery(withTests, { test: ["node", "--test"] });
  await run("GeneratePipeline", context);
  await run("BuildArtifact", context);
  const data = emitted(await run("RunTests", context), "TestsPassed");
  expect(data).toMatchObject({
    ...(await tip(context)),
    applicable: true,
    producer: "connectsoft-local-runner",
    tests: { total: 1, passed: 1, failed: 0, skipped: 0 },
  });
  expect(digestOf(JSON.parse(context.written["pipelines/TestReport.json"] ?? ""))).toBe(data.reportDigest);
  expect(parse(context.written["pipelines/PipelineSnapshot.yaml"] ?? "").stages.test.status).toBe("Success");
});

test("failed tests are evidence too, and the refusal quotes what failed", async () => {
  const context = await delivery(withFailure, { test: ["node", "--test"] });
  const outcome = await run("RunTests", context);
  expect(outcome).toMatchObject({
    status: "Failed",
    retryable: false,
    refusal: { code: "TestsNotPassed", message: expect.stringMatching(/1 of 1 failed.*eggs/) },
  });
  const data = emitted(outcome, "TestsFailed");
  expect(data).toMatchObject({ ...(await tip(context)), tests: { failed: 1 } });
  expect(data.failures).toEqual(expect.arrayContaining([expect.stringContaining("eggs")]));
  expect(JSON.parse(context.written["pipelines/TestReport.json"] ?? "").steps[0].output).toContain(
    "out of eggs",
  );
});

test.for([
  ["names none", passing, undefined],
  ["has a test command that finds none", passing, ["node", "--test"]],
] as const)("a module that %s has tests that do not apply", async ([, files, command]) => {
  const context = await delivery(files, command === undefined ? {} : { test: [...command] });
  const data = emitted(await run("RunTests", context), "TestsPassed");
  expect(data).toMatchObject({ ...(await tip(context)), applicable: false });
  expect(JSON.parse(context.written["pipelines/TestReport.json"] ?? "").status).toBe("NotApplicable");
});

test("a cancelled invocation ends as cancelled and leaves no evidence", async () => {
  const cancellation = new AbortController();
  const context = await delivery(
    passing,
    { test: ["node", "-e", "setInterval(() => {}, 1000)"] },
    cancellation.signal,
  );
  context.progress = (line) => {
    if (line.startsWith("$ node")) cancellation.abort(new Error("cancelled by jane.doe"));
  };
  await expect(run("RunTests", context)).rejects.toThrow("cancelled by jane.doe");
  expect(context.written).toEqual({});
});

test("without a branch there is nothing to build, and it says how to get one", async () => {
  const handOver = { ...sampleHandOver(), repository: "vetclinic-001/nothing" };
  await source.importFiles(handOver.repository, passing);
  const context = fakeContext({ manifest: devopsEngineerManifest, handOver });
  await expect(run("BuildArtifact", context)).rejects.toMatchObject({ refusal: { code: "NotFound" } });
});

function agentWith(some: PipelineDialect[]): Agent {
  const { sourceControl } = source;
  const runner = createLocalRunner({ root: join(place, "runner"), sourceControl, artifacts });
  return createDevOpsEngineer({
    sourceControl,
    runner,
    planGeneration: createGenerationPlanner({ sourceControl, dialects: some, generators, checkFiles }),
    tenants: { get: async () => defaultTenant("jane.doe") },
    secretScanner: createSecretlintScanner(),
    signer: createTestSigner(),
    vulnerabilityScanner: createNpmAudit(),
    builder: { id: "urn:connectsoft-delivery:host:test", version: "0.0.0" },
  });
}

/** A delivery whose code is on the trace's branch, as the Code Committer leaves it. */
async function delivery(
  files: Record<string, string>,
  commands: Partial<HandOver["module"]>,
  signal = new AbortController().signal,
): Promise<FakeContext> {
  count += 1;
  const sample = sampleHandOver();
  const repository = `vetclinic-001/module-${count}`;
  const handOver = { ...sample, repository, module: { ...sample.module, ...commands } };
  const invocation = {
    ...sampleInvocation(),
    agentId: "devops-engineer",
    invocationId: `invocation-${count}`,
  };
  const tree = await source.importFiles(repository, files);
  await source.sourceControl.commit({
    repository,
    branch: `trace/${invocation.traceId}/${invocation.moduleId}`,
    base: handOver.targetBranch,
    content: { tree },
    subject: "feat: add the module",
    trailers: {},
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
    at: invocation.invokedAt,
    invocationId: `commit-${count}`,
  });
  return fakeContext({ manifest: devopsEngineerManifest, handOver, invocation, signal });
}

async function run(skillId: string, context: FakeContext, by = agent): Promise<AgentOutcome> {
  const skill = by.skills[skillId];
  if (skill === undefined) throw new Error(`no skill ${skillId}`);
  context.invocation.skillId = skillId;
  return skill(context);
}

function emitted(outcome: AgentOutcome, name: string) {
  const emission = outcome.emits.find((each) => each.name === name);
  if (emission === undefined) throw new Error(`no ${name} in ${JSON.stringify(outcome)}`);
  return emission.data;
}

async function tip(context: FakeContext): Promise<{ commit: string; tree: string }> {
  const { traceId, moduleId } = context.invocation;
  const head = await source.sourceControl.tip(context.handOver.repository, `trace/${traceId}/${moduleId}`);
  if (head === undefined) throw new Error("the branch is gone");
  return { commit: head.commit, tree: head.tree };
}

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { HandOver } from "../delivery/hand-over.ts";
import { handOverSchema } from "../delivery/hand-over.ts";
import { containerFiles } from "./container/container-files.ts";
import { isGenerated } from "./generated-mark.ts";
import { type ModelRequest, modelFor } from "./model-for.ts";
import { pipelineSnapshot, stagesDocument, withStage } from "./pipeline-snapshot.ts";
import { settingsFiles } from "./settings/settings-files.ts";

function asked({ module, folder, targetBranch, environments }: HandOver): ModelRequest {
  const named = environments.map((name) => ({ name, requiresApproval: false }));
  return { tenantId: subject.tenantId, module, folder, targetBranch, environments: named };
}

const subject = { tenantId: "vetclinic-001", traceId: "trace-2025-05-23-0012", moduleId: "booking-service" };

describe("modelFor", () => {
  test("names only the stages and steps that really run", () => {
    const bare = modelFor(asked(handOver({})));
    expect(bare.stages.map(({ name, steps }) => [name, steps.map((step) => step.name)])).toEqual([
      ["build", ["install"]],
    ]);
    const whole = modelFor(asked(handOver({ build: ["npm", "run", "build"], test: ["node", "--test"] })));
    expect(whole.stages.map(({ name, steps }) => [name, steps.map((step) => step.name)])).toEqual([
      ["build", ["install", "build"]],
      ["test", ["test"]],
    ]);
  });

  test("installs exactly what a lock file says, and resolves once where there is none", () => {
    const command = (locked: boolean) => installOf({ locked });
    expect(command(true)?.slice(0, 2)).toEqual(["npm", "ci"]);
    expect(command(false)?.slice(0, 2)).toEqual(["npm", "install"]);
    expect(command(true)).toContain("--ignore-scripts");
  });

  test("leaves development dependencies out where nothing is built or tested with them", () => {
    expect(installOf({})).toContain("--omit=dev");
    expect(installOf({ build: ["make"] })).toContain("--include=dev");
    expect(installOf({ test: ["make", "check"] })).toContain("--include=dev");
  });

  function installOf(module: Partial<HandOver["module"]>) {
    return modelFor(asked(handOver(module))).stages[0]?.steps[0]?.run;
  }
});

describe("the generated files beside the dialects", () => {
  const given = handOver({ test: ["node", "--test"], needs: { config: ["B", "A"], secrets: ["TOKEN"] } });
  const model = modelFor(asked(given));

  test("the settings template names what is needed and holds no values", () => {
    const [file] = settingsFiles({ model, module: given.module }).files;
    const template = JSON.parse(file?.content ?? "");
    expect(template.config).toEqual({ A: "", B: "" });
    expect(template.secrets).toEqual({ TOKEN: "" });
  });

  test("each of them carries the mark, and a file of the module's own does not", () => {
    const files = [
      ...(containerFiles({ model, module: given.module })?.files ?? []),
      ...settingsFiles({ model, module: given.module }).files,
    ];
    expect(files.every(({ content }) => isGenerated(content))).toBe(true);
    expect(isGenerated("FROM node:24\n")).toBe(false);
  });
});

describe("PipelineSnapshot.yaml", () => {
  const model = modelFor(asked(handOver({ test: ["node", "--test"] })));
  const head = { commit: "c".repeat(40), tree: "d".repeat(40) };
  const text = pipelineSnapshot(subject, {
    model,
    head,
    files: [{ path: "a.yaml", dialect: "gitlab-ci", origin: "generated", digest: "sha256:1" }],
  });

  test("says what 2-contracts asks of it", () => {
    expect(parse(text)).toMatchObject({
      traceId: subject.traceId,
      module: subject.moduleId,
      environment: "staging",
      version: "1.0.0",
      ...head,
      stages: { build: { status: "Pending" }, test: { status: "Pending" }, deploy: { status: "Pending" } },
      files: [{ path: "a.yaml", dialect: "gitlab-ci", origin: "generated" }],
      retry: { limit: 1 },
      signature: null,
    });
  });

  test("a stage's news leaves alone what other agents wrote", () => {
    const scanned = withStage(text, "scan", { status: "Success", findings: 0 });
    const built = parse(withStage(scanned, "build", { status: "Success", artifact: "sha256:1" }));
    expect(built.stages.scan).toEqual({ status: "Success", findings: 0 });
    expect(built.stages.build).toEqual({ status: "Success", steps: ["install"], artifact: "sha256:1" });
    expect(built.stages.test.status).toBe("Pending");
  });

  test("CIStages.yaml holds every command with its time limit", () => {
    const stages = parse(stagesDocument(subject, model)).stages;
    expect(stages[1]).toEqual({
      name: "test",
      steps: [{ name: "test", run: ["node", "--test"], timeoutSeconds: 900 }],
    });
  });
});

function handOver(module: Partial<HandOver["module"]>): HandOver {
  const probe = { tcpSocket: {} };
  return handOverSchema.parse({
    source: { kind: "folder", path: "/modules/booking-service", tree: "e".repeat(40) },
    module: {
      id: "booking-service",
      version: "1.0.0",
      runtime: "node",
      packageManager: "npm",
      locked: false,
      start: ["node", "server.js"],
      probes: { startup: probe, readiness: probe, liveness: probe },
      needs: { config: [], secrets: [] },
      ...module,
    },
    repository: "vetclinic-001/booking-service",
    targetBranch: "main",
    environments: ["staging", "production"],
    sponsor: "jane.doe",
    host: "host-1",
    complianceMode: false,
    flow: { name: "delivery", digest: "sha256:1" },
    environmentFlow: { name: "environment", digest: "sha256:2" },
  });
}

/** One environment with everything real under it: PostgreSQL, settings, namespaces, ledger, supervisor, processes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCedarDecisions } from "../../src/adapters/policy/cedar/cedar-decisions.ts";
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import { localTargetFixture } from "../../src/adapters/target/local/local-target-fixture.ts";
import { createDigestReader } from "../../src/agents/approval-digests.ts";
import { createCloudProvisioner } from "../../src/agents/cloud-provisioner/agent.ts";
import { createVoteCounter } from "../../src/agents/count-votes.ts";
import { createDeploymentOrchestrator } from "../../src/agents/deployment-orchestrator/agent.ts";
import type { HandOver } from "../../src/domain/delivery/hand-over.ts";
import { logLimitsOf } from "../../src/domain/environment/log-limits.ts";
import type { ModuleSpec } from "../../src/domain/module/module-spec.ts";
import { effectivePolicy } from "../../src/domain/release/effective-policy.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createLostOverrider } from "../../src/operations/freezes/lost-overrider.ts";
import type { Agent, AgentOutcome, RecordedEvent } from "../../src/ports/agent.ts";
import type { Asked } from "../../src/ports/external-gates.ts";
import type { Settings } from "../../src/ports/settings.ts";
import { quickProbes } from "../../src/ports/target.conformance.ts";
import type { Tenants } from "../../src/ports/tenants.ts";
import { type FakeContext, fakeContext, sampleHandOver } from "../support/agent-context.ts";
import { createTestDatabase } from "../support/database.ts";
import { createEnvironments } from "../support/environments.ts";
import { createTestSigner } from "../support/votes.ts";

export const place = { tenantId: "acme", environment: "production", moduleId: "shop" };
export const host = "shop.acme-production.localhost";

interface RunOptions {
  invocationId?: string;
  handOver?: Partial<HandOver>;
  signal?: AbortSignal;
  onLine?(line: string): void;
}

export type RuntimeRig = Awaited<ReturnType<typeof createRuntimeRig>>;

/** `verifyMs: null`: the window of the policy. */
export async function createRuntimeRig({
  verifyMs = 300,
  database,
  secretsIn = (local) => local,
}: {
  verifyMs?: number | null;
  /** Where secrets are; in the store of the installation where absent. */
  secretsIn?: (local: Settings) => Settings;
  /** Absent: a new one of the test run's server. */
  database?: Awaited<ReturnType<typeof createTestDatabase>>;
} = {}) {
  const { pool, drop } = database ?? (await createTestDatabase());
  const root = await mkdtemp(join(tmpdir(), "runtime-"));
  const fixture = await localTargetFixture();
  const settings = secretsIn(createSettings({ pool, seal: createKeyFileSeal(join(root, "secrets.key")) }));
  const { provisioner, ledger } = createEnvironments({ pool, settings, storageRoot: join(root, "storage") });
  let tenant = tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["ReleaseManager"] }],
    environments: [{ id: "dev" }, { id: "production" }],
  });
  let gateAnswer: Asked = { answer: { status: "passed", reason: "" } };
  const tenants = { get: async () => tenant } satisfies Pick<Tenants, "get">;
  const policyOf = async (_context: unknown, environment: string) => effectivePolicy(tenant, environment);
  const signer = createTestSigner();
  const currentDigests = createDigestReader({ settings, tenants: tenants as unknown as Tenants });
  const ports: Parameters<typeof createDeploymentOrchestrator>[0] = {
    targetFor: () => fixture.target,
    settings,
    releases: ledger,
    currentDigests,
    signer,
    countVotes: createVoteCounter({ tenants, signer, delegations: { list: async () => [] } }),
    policyOf,
    tenants,
    externalGates: { ask: async () => gateAnswer },
    lostOverrider: createLostOverrider({ tenants, policy: createCedarDecisions() }),
    freezes: { read: async () => tenant.freezes, newestTime: async (_tenantId, now) => now },
    artifacts: { restore: async () => {} },
    traces: { read: async ({ traceId, environment }) => ({ traceId, environment, modules: [] }) },
    logLimitsOf: async (_tenantId, environment) => logLimitsOf(tenant, environment),
    runtimeOf: async () => ({ target: "process" }),
    ...(verifyMs !== null && { verifyMs }),
  };
  const orchestrator = createDeploymentOrchestrator(ports);
  const { freezes, lostOverrider } = ports;
  const cloudProvisioner = createCloudProvisioner({
    ...{ provisioner, settings, policyOf, tenants, freezes, lostOverrider, signer },
  });

  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);

  /** One trace of the module on its way to production, step by step as the flow takes it. */
  function delivery(traceId: string, version: string, artifact: string, more: Partial<ModuleSpec> = {}) {
    const events: (Pick<RecordedEvent, "name" | "data"> & Partial<RecordedEvent>)[] = [];
    const memory: Record<string, string> = {};
    let releaseId = "";
    let steps = 0;
    const tell = (
      name: RecordedEvent["name"],
      data: RecordedEvent["data"],
      more: Partial<RecordedEvent> = {},
    ) => void events.push({ name, data, time: now().toISOString(), ...more });

    async function run(agent: Agent, skillId: string, options: RunOptions = {}) {
      steps += 1;
      const context = fakeContext({
        invocation: {
          ...place,
          traceId,
          releaseId,
          skillId,
          invokedAt: now().toISOString(),
          invocationId: options.invocationId ?? `${traceId}.${steps}`,
        },
        handOver: {
          ...sampleHandOver(),
          ...options.handOver,
          environments: ["dev", "production"],
          module: { ...moduleSpec(version), ...more },
        },
        events,
        memory,
        manifest: agent.manifest,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      context.now = now;
      context.progress = (line) => {
        context.lines.push(line);
        options.onLine?.(line);
      };
      const { announce } = context;
      // As the engine does: at once, and once.
      context.announce = async (name, data, key) => {
        const nth = context.announced.filter((one) => one.name === name).length;
        await announce(name, data);
        const id = `${context.invocation.invocationId}.${name}.${key ?? nth}`;
        if (!events.some((event) => event.id === id))
          events.push({ id, name, data, time: now().toISOString() });
      };
      const outcome = await agent.skills[skillId]?.(context);
      if (outcome === undefined) throw new Error(`no skill ${skillId}`);
      Object.assign(memory, context.written);
      events.push(...outcome.emits.map((emission) => ({ ...emission, time: now().toISOString() })));
      return { outcome, context };
    }

    return {
      events,
      memory,
      tell,
      releaseId: () => releaseId,
      run,
      /** Up to a release that is planned and approved for what is there now. */
      async approve(): Promise<void> {
        releaseId = await ledger.allocate({ ...place, version, invocationId: `${traceId}.propose` });
        tell("ArtifactBuilt", { commit: "c0ffee", tree: "7ree", artifact });
        tell("ReleaseProposed", { releaseId, version, environment: place.environment });
        await run(cloudProvisioner, "PlanInfrastructure");
        await run(orchestrator, "PlanRollout");
        await this.approveAgain();
        const { outcome } = await run(cloudProvisioner, "ApplyInfrastructure");
        if (!names(outcome).includes("InfraProvisioned"))
          throw new Error(`expected a place to deploy to, got ${JSON.stringify(outcome)}`);
      },
      async approveAgain(): Promise<void> {
        const digests = await currentDigests(
          fakeContext({ invocation: { ...place, traceId, releaseId }, events, memory }),
        );
        memory["releases/ReleaseSummary.json"] = JSON.stringify({ releaseId, verdict: "Approved", digests });
        tell(
          "ApprovalGranted",
          signer.signed({
            subject: { tenantId: place.tenantId, traceId, moduleId: place.moduleId },
            ...{ environment: place.environment, releaseId, digests, at: now().toISOString() },
            ...{ by: "jane", roles: ["ReleaseManager"], decision: "approved", method: "CLI", comment: "" },
          }),
        );
        tell("ReleaseApproved", { releaseId, version, reasons: [], digests: { ...digests } });
      },
      deploy: (options?: RunOptions) => run(orchestrator, "DeployRelease", options),
      rollBack: (options?: RunOptions) => run(orchestrator, "RollBack", options),
    };
  }

  return {
    fixture,
    settings,
    ledger,
    provisioner,
    orchestrator,
    ports,
    signer,
    cloudProvisioner,
    delivery,
    /** Moves the agents' clock, not the target's or the ledger's. */
    advance(ms: number) {
      aheadMs += ms;
    },
    tenants,
    setPeople(people: Tenant["people"]) {
      tenant = { ...tenant, people };
    },
    setFreezes(freezes: Tenant["freezes"]) {
      tenant = { ...tenant, freezes };
    },
    /** Enforcers that are listed, and gates with what they answer from here on. */
    setGates({ answer, ...declared }: Partial<Pick<Tenant, "gates" | "evidence">> & { answer?: Asked }) {
      tenant = { ...tenant, ...declared };
      if (answer !== undefined) gateAnswer = answer;
    },
    setLogs(logs: Tenant["environments"][number]["logs"]) {
      const environments = tenant.environments.map(({ logs: _, ...one }) => ({
        ...one,
        ...(logs && { logs }),
      }));
      tenant = { ...tenant, environments };
    },
    setPolicy(policy: NonNullable<Tenant["releasePolicy"]["environments"][string]> | undefined) {
      tenant = {
        ...tenant,
        releasePolicy: { environments: policy === undefined ? {} : { production: policy } },
      };
    },
    async deployed(traceId: string, version: string, greeting: string) {
      const artifact = await fixture.artifact({ "server.js": greeter(greeting) });
      const one = delivery(traceId, version, artifact);
      await one.approve();
      const { outcome } = await one.deploy();
      if (outcome.status !== "Success" || !names(outcome).includes("DeploymentCompleted")) {
        throw new Error(`expected a deployment, got ${JSON.stringify(outcome)}`);
      }
      return one;
    },
    ask: (path = "/") => fixture.request(host, path),
    async dispose() {
      await fixture.dispose();
      await drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function names(outcome: AgentOutcome): string[] {
  return outcome.emits.map(({ name }) => name);
}

export function writtenJson(context: FakeContext, path: string): Record<string, unknown> {
  return JSON.parse(context.written[path] ?? "null");
}

/** Answers its greeting and, at /env, what it was told. */
export function greeter(greeting: string): string {
  return `
const http = require("node:http");
console.log("told", process.env.API_KEY);
http.createServer((request, response) => {
  if (request.url === "/env") return response.end(JSON.stringify(process.env));
  if (request.url === "/crash") process.exit(7);
  if (request.url === "/counted")
    return response.end(JSON.stringify(require("node:fs").readFileSync(process.env.STORAGE_DIR + "/counted", "utf8").trim().split("\\n")));
  response.end(${JSON.stringify(greeting)});
}).listen(process.env.PORT, "127.0.0.1");
`;
}

function moduleSpec(version: string) {
  const probes = quickProbes("/");
  return {
    ...sampleHandOver().module,
    id: place.moduleId,
    version,
    start: ["node", "server.js"],
    probes: { ...probes, startup: { ...probes.startup, failureThreshold: 30 } },
  };
}

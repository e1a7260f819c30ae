/** A whole System on a real database and a real git, with scripted agents: what tests of the faces drive. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Pool } from "pg";
import { createPostgresAccounts } from "../../src/adapters/accounts/postgres/postgres-accounts.ts";
import { createPrometheusAlerts } from "../../src/adapters/alerts/prometheus/prometheus-alerts.ts";
import { createAuditLog } from "../../src/adapters/audit-log/postgres/create-audit-log.ts";
import { createPostgresDelegations } from "../../src/adapters/delegations/postgres/postgres-delegations.ts";
import { dialects } from "../../src/adapters/dialect/index.ts";
import { createEventFeed } from "../../src/adapters/event-feed/postgres/create-event-feed.ts";
import { createPostgresFleet } from "../../src/adapters/fleet/postgres/postgres-fleet.ts";
import { repositoryPolicyOf } from "../../src/adapters/forge/embedded/repository-policy.ts";
import { createFreezes } from "../../src/adapters/freezes/postgres/create-freezes.ts";
import { createIdempotentAnswers } from "../../src/adapters/idempotent-answers/postgres/create-idempotent-answers.ts";
import { createOpenIdProvider } from "../../src/adapters/identity/openid/openid-provider.ts";
import { createIncidents } from "../../src/adapters/incidents/postgres/create-incidents.ts";
import { createPostgresJournal } from "../../src/adapters/journal/postgres/postgres-journal.ts";
import { createNotifications } from "../../src/adapters/notifications/postgres/create-notifications.ts";
import { createNotifier } from "../../src/adapters/notifier/create-notifier.ts";
import { createCedarDecisions } from "../../src/adapters/policy/cedar/cedar-decisions.ts";
import { createHooks } from "../../src/adapters/registrations/postgres/create-hooks.ts";
import { createSubscriptions } from "../../src/adapters/registrations/postgres/create-subscriptions.ts";
import { createArtifactStore } from "../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../src/adapters/runner/local/create-local-runner.ts";
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createPostgresSessions } from "../../src/adapters/sessions/postgres/postgres-sessions.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import { createPostgresSignIns } from "../../src/adapters/sign-ins/postgres/postgres-sign-ins.ts";
import { createLocalSigner } from "../../src/adapters/signer/local/create-local-signer.ts";
import { createGitSourceControl } from "../../src/adapters/source-control/git/git-source-control.ts";
import { createDeliveryBoard } from "../../src/adapters/store/postgres/delivery-board.ts";
import { openPostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { createToldEvents } from "../../src/adapters/store/postgres/told-events.ts";
import { createLocalTargets } from "../../src/adapters/target/local/local-targets.ts";
import { combineObservers, createProgressFeed } from "../../src/adapters/telemetry/combine-observers.ts";
import { createMetrics } from "../../src/adapters/telemetry/count-metrics.ts";
import { readGauges } from "../../src/adapters/telemetry/read-gauges.ts";
import { createPostgresTenants } from "../../src/adapters/tenants/postgres/postgres-tenants.ts";
import { checkFiles } from "../../src/adapters/validator/index.ts";
import { createVulnerabilityData } from "../../src/adapters/vulnerability-data/create-vulnerability-data.ts";
import { createGenerationPlanner } from "../../src/agents/devops-engineer/generation/plan-generation.ts";
import { sessionLifetimes } from "../../src/domain/access/session-lifetimes.ts";
import { loadFlow } from "../../src/domain/flow/load-flow.ts";
import { generators } from "../../src/domain/pipeline/generators.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { peopledTenants } from "../../src/operations/accounts/peopled-tenant.ts";
import { explainDelivery } from "../../src/operations/get-delivery.ts";
import { handOver } from "../../src/operations/hand-over.ts";
import { createAgentAuthority } from "../../src/operations/sponsors/authorise-agent.ts";
import type { Caller, System } from "../../src/operations/system.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { createTestDatabase } from "./database.ts";
import { createEnvironments } from "./environments.ts";
import { createForge } from "./forge.ts";
import { builtIn } from "./rig.ts";
import { type Script, scriptedAgents, scriptedManifests } from "./scripted-agents.ts";

export const exampleFolder = path.join(import.meta.dirname, "../../examples/booking-service");

/** A bound for what never comes about, far above what a busy machine takes. */
const untilLimitMs = 120_000;

export interface TestSystem {
  system: System;
  metrics: ReturnType<typeof createMetrics>;
  /** What an attacker with the database has. */
  pool: Pool;
  /** A person of the tenant vetclinic-001: jane (Developer), max (ReleaseManager), olga (DevOpsEngineer, Deployer), ada (StudioAdmin). */
  as(person: string): Caller;
  /** Jane hands the example over. */
  deliver(): Promise<Subject>;
  /** Resolves when the delivery's explanation fits. */
  until(subject: Subject, fits: (sentence: string, kind: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

const tenant: Tenant = tenantSchema.parse({
  id: "vetclinic-001",
  people: [
    { id: "jane", roles: ["Developer"] },
    { id: "max", roles: ["ReleaseManager"] },
    { id: "olga", roles: ["DevOpsEngineer", "Deployer"] },
    { id: "ada", roles: ["StudioAdmin"] },
  ],
  environments: [{ id: "staging" }, { id: "production" }],
  releasePolicy: { environments: { production: { requiresApproval: true } } },
});

export async function createTestSystem(script: Script = {}): Promise<TestSystem> {
  const database = await createTestDatabase();
  const { pool } = database;
  const directory = await mkdtemp(path.join(os.tmpdir(), "connectsoft-system-"));
  const store = await openPostgresStore(database);
  const feed = createEventFeed({ pool, subscribe: store.subscribe });
  const progress = createProgressFeed();
  const metrics = createMetrics({ store, gauges: () => readGauges(pool) });
  const sourceControl = createGitSourceControl({ root: path.join(directory, "repositories") });
  const tenants = createPostgresTenants(pool);
  const journal = createPostgresJournal(pool, systemClock);
  const signIns = createPostgresSignIns(pool);
  await tenants.put(tenant, "ada");
  const policy = createCedarDecisions({ decided: metrics.decided });
  const engine = createEngine({
    store,
    clock: systemClock,
    host: "host-1",
    agents: scriptedAgents(script),
    authorise: createAgentAuthority({
      ...{ policy, journal },
      tenants: peopledTenants({ tenants, signIns, clock: systemClock }),
    }),
    compileFlow: (text, name) => loadFlow(text, name, scriptedManifests),
    observer: combineObservers([progress.observer, metrics.observer]),
  });
  const artifacts = createArtifactStore({ root: path.join(directory, "artifacts") });
  const targets = createLocalTargets({
    directory: path.join(directory, "target"),
    artifacts,
  });
  const seal = createKeyFileSeal(path.join(directory, "secret.key"));
  const settings = createSettings({ pool, seal });
  const signer = createLocalSigner({ pool, seal, clock: systemClock });
  const environments = createEnvironments({ pool, settings, storageRoot: path.join(directory, "storage") });
  const system: System = {
    engine,
    store,
    feed,
    board: createDeliveryBoard(pool),
    told: createToldEvents(pool),
    alerts: createPrometheusAlerts(undefined),
    sourceControl,
    ...createForge({
      pool,
      sourceControl,
      policyOf: async (repository) => repositoryPolicyOf(await tenants.get(repository.split("/")[0] ?? "")),
      url: (repository, number) => `${repository}#${number}`,
    }),
    settings,
    tenants,
    accounts: createPostgresAccounts(pool, systemClock),
    identity: createOpenIdProvider({ clock: systemClock }),
    sessions: createPostgresSessions(pool, systemClock, sessionLifetimes({})),
    answers: createIdempotentAnswers(pool, systemClock),
    signIns,
    incidents: createIncidents({ pool }),
    journal,
    freezes: createFreezes({ pool, tenants, journal }),
    delegations: createPostgresDelegations(pool),
    policy,
    signer,
    auditLog: createAuditLog({
      ...{ pool, signer, clock: systemClock, host: "host-1" },
      directory: path.join(directory, "checkpoints"),
    }),
    notifications: createNotifications({ pool }),
    subscriptions: createSubscriptions({ pool, seal }),
    hooks: createHooks({ pool, seal }),
    notifier: createNotifier({
      publicUrl: () => "http://delivery.test",
      privateAllowed: true,
      timeoutMs: 10_000,
    }),
    vulnerabilities: createVulnerabilityData(),
    artifacts,
    fleet: createPostgresFleet(pool),
    ...environments,
    targets,
    runner: createLocalRunner({ root: path.join(directory, "builds"), sourceControl, artifacts }),
    planGeneration: createGenerationPlanner({ sourceControl, dialects, generators, checkFiles }),
    clock: systemClock,
    newId: () => "id",
    host: "host-1",
    builtInFlows: builtIn,
    manifests: scriptedManifests,
    onProgress: progress.onProgress,
  };
  await engine.start();
  const as = (person: string): Caller => ({
    tenantId: tenant.id,
    person,
    roles: tenant.people.find(({ id }) => id === person)?.roles ?? [],
    method: "cli",
  });
  return {
    system,
    metrics,
    pool,
    as,
    async deliver() {
      const source = { kind: "folder" as const, path: exampleFolder };
      return (await handOver(system, as("jane"), { source })).subject;
    },
    until(subject, fits) {
      return new Promise((resolve, reject) => {
        let last = "nothing was seen of it";
        const look = async (): Promise<void> => {
          const { sentence, kind } = await explainDelivery(system, as("jane"), subject);
          last = `${kind}: ${sentence}`;
          if (!fits(sentence, kind)) return;
          end();
          resolve();
        };
        const unsubscribe = store.subscribe(() => void look().catch(reject));
        const limit = setTimeout(() => {
          end();
          reject(new Error(`it did not come about; what was seen last: ${last}`));
        }, untilLimitMs);
        const end = () => {
          unsubscribe();
          clearTimeout(limit);
        };
        void look().catch(reject);
      });
    },
    async close() {
      await engine.stop();
      await targets.close();
      await feed.close();
      await store.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

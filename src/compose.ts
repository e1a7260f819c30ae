/** Constructs the running system: the one place that knows which adapter stands behind which port. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { createPostgresAccounts } from "./adapters/accounts/postgres/postgres-accounts.ts";
import { createPrometheusAlerts } from "./adapters/alerts/prometheus/prometheus-alerts.ts";
import { createAuditLog } from "./adapters/audit-log/postgres/create-audit-log.ts";
import { connectDatabase, type Database } from "./adapters/database/connect-database.ts";
import { createPostgresDelegations } from "./adapters/delegations/postgres/postgres-delegations.ts";
import { dialects } from "./adapters/dialect/index.ts";
import { createNsupdateDns } from "./adapters/dns/nsupdate/create-nsupdate-dns.ts";
import { createEventFeed } from "./adapters/event-feed/postgres/create-event-feed.ts";
import { createExternalGates } from "./adapters/external-gates/local/create-external-gates.ts";
import { createPostgresFleet } from "./adapters/fleet/postgres/postgres-fleet.ts";
import { createEmbeddedForge } from "./adapters/forge/embedded/embedded-forge.ts";
import { createPushJudge } from "./adapters/forge/embedded/judge-push.ts";
import { repositoryPolicyOf } from "./adapters/forge/embedded/repository-policy.ts";
import { createFreezes } from "./adapters/freezes/postgres/create-freezes.ts";
import { createGitServer } from "./adapters/git-server/git/git-server.ts";
import { createIdempotentAnswers } from "./adapters/idempotent-answers/postgres/create-idempotent-answers.ts";
import { createOpenIdProvider } from "./adapters/identity/openid/openid-provider.ts";
import { createIncidents } from "./adapters/incidents/postgres/create-incidents.ts";
import { createPostgresJournal } from "./adapters/journal/postgres/postgres-journal.ts";
import { createNotifications } from "./adapters/notifications/postgres/create-notifications.ts";
import { createNotifier } from "./adapters/notifier/create-notifier.ts";
import { createCedarDecisions } from "./adapters/policy/cedar/cedar-decisions.ts";
import { createLocalProvisioner } from "./adapters/provisioner/local/create-local-provisioner.ts";
import { createHooks } from "./adapters/registrations/postgres/create-hooks.ts";
import { createSubscriptions } from "./adapters/registrations/postgres/create-subscriptions.ts";
import { createReleaseLedger } from "./adapters/release-ledger/postgres/create-release-ledger.ts";
import { createArtifactStore } from "./adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "./adapters/runner/local/create-local-runner.ts";
import { createKeyFileSeal } from "./adapters/seal/key-file/create-key-file-seal.ts";
import { createSecretCopies } from "./adapters/secret-copies/postgres/create-secret-copies.ts";
import { createSecretlintScanner } from "./adapters/secret-scanner/secretlint/create-secretlint-scanner.ts";
import { createPostgresSessions } from "./adapters/sessions/postgres/postgres-sessions.ts";
import { createSettings } from "./adapters/settings/local/create-settings.ts";
import { createPostgresSignIns } from "./adapters/sign-ins/postgres/postgres-sign-ins.ts";
import { createLocalSigner } from "./adapters/signer/local/create-local-signer.ts";
import { createGitSourceControl } from "./adapters/source-control/git/git-source-control.ts";
import { createDeliveryBoard } from "./adapters/store/postgres/delivery-board.ts";
import { openPostgresStore } from "./adapters/store/postgres/postgres-store.ts";
import { createToldEvents } from "./adapters/store/postgres/told-events.ts";
import { createLocalTargets } from "./adapters/target/local/local-targets.ts";
import { knownUserOf } from "./adapters/target/local/runtimes/process/service-user.ts";
import {
  combineObservers,
  createProgressFeed,
  createStepFeed,
} from "./adapters/telemetry/combine-observers.ts";
import { createMetrics } from "./adapters/telemetry/count-metrics.ts";
import { createLogger, createLogObserver } from "./adapters/telemetry/log-events.ts";
import { readGauges } from "./adapters/telemetry/read-gauges.ts";
import { createPostgresTenants } from "./adapters/tenants/postgres/postgres-tenants.ts";
import { createValidatorPool } from "./adapters/validator/pool/validator-pool.ts";
import { routeSecrets } from "./adapters/vault/route-secrets.ts";
import { createVulnerabilityData } from "./adapters/vulnerability-data/create-vulnerability-data.ts";
import { createNpmAudit } from "./adapters/vulnerability-scanner/npm-audit/create-npm-audit.ts";
import { createBoundReader, createDigestReader } from "./agents/approval-digests.ts";
import { createCloudProvisioner } from "./agents/cloud-provisioner/agent.ts";
import { createCodeCommitter } from "./agents/code-committer/agent.ts";
import { createVoteCounter } from "./agents/count-votes.ts";
import { createDeploymentOrchestrator } from "./agents/deployment-orchestrator/agent.ts";
import { createDevOpsEngineer } from "./agents/devops-engineer/agent.ts";
import { createGenerationPlanner } from "./agents/devops-engineer/generation/plan-generation.ts";
import { manifests } from "./agents/manifests.ts";
import { type PolicySubject, policyOfDelivery } from "./agents/policy-of-delivery.ts";
import { createPullRequestCreator } from "./agents/pull-request-creator/agent.ts";
import { createReleaseManager } from "./agents/release-manager/agent.ts";
import { createCommitVerifier } from "./agents/verify-commits.ts";
import { sessionLifetimes } from "./domain/access/session-lifetimes.ts";
import { logLimitsOf } from "./domain/environment/log-limits.ts";
import type { DeliveryEvent } from "./domain/event/event.ts";
import { loadFlow } from "./domain/flow/load-flow.ts";
import { generators } from "./domain/pipeline/generators.ts";
import { runtimeOf } from "./domain/rollout/runtime-of.ts";
import { createEngine } from "./engine/engine.ts";
import { createTraceReader } from "./engine/read-trace.ts";
import { peopledTenants } from "./operations/accounts/peopled-tenant.ts";
import { createLostOverrider } from "./operations/freezes/lost-overrider.ts";
import { createAgentAuthority } from "./operations/sponsors/authorise-agent.ts";
import type { System } from "./operations/system.ts";
import type { Agent } from "./ports/agent.ts";
import { systemClock } from "./ports/clock.ts";
import { silentObserver } from "./ports/engine-observer.ts";
import type { LostOverrider } from "./ports/overriders.ts";
import type { Traces } from "./ports/traces.ts";
import type { Composition, CompositionOptions } from "./server/composition.ts";
import { type Places, placesIn } from "./server/data-directory.ts";

export async function compose(options: CompositionOptions): Promise<Composition> {
  const { env, host, version } = options;
  const logger = createLogger(options.logTo, env.CONNECTSOFT_LOG_LEVEL ?? "info");
  const places = placesIn(options.dataDirectory);
  const database = await connectDatabase({
    dataDirectory: options.dataDirectory,
    databaseUrl: options.databaseUrl,
    log: (line) => logger.info(line),
    onTakenOver: options.onTakenOver,
  });
  const { pool } = database;
  const store = await openPostgresStore(database);
  const feed = createEventFeed({ pool, subscribe: store.subscribe });
  const progress = createProgressFeed();
  const steps = createStepFeed();
  const metrics = createMetrics({
    store,
    gauges: () => readGauges(pool),
    moduleLabel: env.CONNECTSOFT_METRICS_MODULE_LABEL === "1",
  });
  const tracing = await openTracing(env, { version, host });
  const trouble = (line: string, error?: unknown) =>
    logger.error(error === undefined ? {} : { err: error }, line);
  const ports = createPorts(database, places, { ...options, trouble });
  const observer = combineObservers([
    progress.observer,
    steps.observer,
    metrics.observer,
    createLogObserver(logger),
    // What is committed comes to its pipeline in half a second, and finds the validators loaded.
    {
      ...silentObserver,
      stepTaken: ({ events }) => events.some(isOfCommitter) && ports.validatorPool.warm(),
    },
    ...(tracing === undefined ? [] : [tracing]),
  ]);
  const policy = createCedarDecisions({ decided: metrics.decided });
  const engine = createEngine({
    store,
    clock: systemClock,
    agents: createAgents(ports, {
      traces: createTraceReader({ store, ledger: ports.ledger }),
      lostOverrider: createLostOverrider({ tenants: ports.peopled, policy }),
    }),
    compileFlow: (text, name) => loadFlow(text, name, manifests),
    host,
    observer,
    works: options.role !== "api",
    authorise: createAgentAuthority({ tenants: ports.peopled, policy, journal: ports.journal }),
    roomFor: (agentId) => (agentId === "devops-engineer" ? Math.max(2, availableParallelism()) : 32),
  });
  const { sourceControl, settings, tenants, ledger, targets, forge, gitServer } = ports;
  const system: System = {
    engine,
    store,
    feed,
    board: createDeliveryBoard(pool),
    told: createToldEvents(pool),
    alerts: createPrometheusAlerts(env.CONNECTSOFT_ALERTS_URL || undefined),
    sourceControl,
    forge,
    gitServer,
    settings,
    tenants,
    accounts: createPostgresAccounts(pool, systemClock),
    identity: createOpenIdProvider({ clock: systemClock }),
    sessions: createPostgresSessions(pool, systemClock, sessionLifetimes(env)),
    answers: createIdempotentAnswers(pool, systemClock),
    signIns: ports.signIns,
    fleet: createPostgresFleet(pool),
    provisioner: ports.provisioner,
    ledger,
    incidents: createIncidents({ pool }),
    journal: ports.journal,
    freezes: ports.freezes,
    delegations: ports.delegations,
    policy,
    signer: ports.signer,
    auditLog: createAuditLog({
      ...{ pool, host, signer: ports.signer, clock: systemClock },
      directory: env.CONNECTSOFT_CHECKPOINT_DIR || places.checkpoints,
    }),
    notifications: createNotifications({ pool }),
    subscriptions: ports.subscriptions,
    hooks: ports.hooks,
    notifier: createNotifier({
      publicUrl: () => env.CONNECTSOFT_PUBLIC_URL?.replace(/\/+$/, "") || options.publicUrl(),
      privateAllowed: env.CONNECTSOFT_NOTIFY_PRIVATE !== "never",
      timeoutMs: 10_000,
      ca: env.CONNECTSOFT_NOTIFY_CA_FILE && readFileSync(env.CONNECTSOFT_NOTIFY_CA_FILE, "utf8"),
    }),
    vulnerabilities: ports.vulnerabilities,
    artifacts: ports.artifacts,
    runner: ports.runner,
    targets,
    planGeneration: ports.planGeneration,
    clock: systemClock,
    newId: randomUUID,
    host,
    builtInFlows: readBuiltInFlows(),
    manifests,
    onProgress: progress.onProgress,
  };
  return {
    system,
    metrics,
    embedded: database.embedded,
    onStep: steps.onStep,
    log: {
      info: (line) => logger.info(line),
      trouble,
    },
    async readiness() {
      const away = await pool.query("select 1").then(
        () => undefined,
        (error: Error) => `the database is away: ${error.message}`,
      );
      if (away !== undefined) return away;
      const idle = options.role !== "api" && engine.workerId() === undefined;
      return idle ? "the worker has not joined" : undefined;
    },
    async close() {
      await engine.stop();
      await targets.close();
      await ports.runner.stop();
      await ports.validatorPool.close();
      await tracing?.close();
      await feed.close();
      await store.close();
      await database.close();
    },
  };
}

function isOfCommitter({ agentid }: DeliveryEvent): boolean {
  return agentid === "code-committer";
}

/** Beside those that Node trusts. */
function authorities(file: string | undefined): string[] | undefined {
  return file ? [...rootCertificates, readFileSync(file, "utf8")] : undefined;
}

type Ports = ReturnType<typeof createPorts>;

type Trouble = Composition["log"]["trouble"];

function createPorts({ pool }: Database, places: Places, options: CompositionOptions & { trouble: Trouble }) {
  const validatorPool = createValidatorPool();
  const sourceControl = createGitSourceControl({ root: places.repositories });
  // Several hosts on one database share the key that seals its secrets.
  const seal = createKeyFileSeal(options.env.CONNECTSOFT_SECRET_KEY_FILE ?? places.secretKey);
  const tenants = createPostgresTenants(pool);
  const settings = routeSecrets({
    ...{ local: createSettings({ pool, seal }), tenants, env: options.env, folder: places.vaults },
    ca: authorities(options.env.CONNECTSOFT_VAULT_CA_FILE),
    copies: createSecretCopies({ pool, seal }),
    now: () => systemClock.now(),
  });
  const signIns = createPostgresSignIns(pool);
  const peopled = peopledTenants({ tenants, signIns, clock: systemClock });
  const journal = createPostgresJournal(pool, systemClock);
  const ledger = createReleaseLedger({ pool });
  const artifacts = createArtifactStore({ root: places.artifacts });
  const routerPort = options.env.CONNECTSOFT_ROUTER_PORT;
  const targets = createLocalTargets({
    directory: places.target,
    artifacts,
    ...(routerPort !== undefined && { routerPort: Number(routerPort) }),
  });
  const policyOf = async (repository: string) =>
    repositoryPolicyOf(await tenants.get(repository.split("/")[0] ?? ""));
  const judge = createPushJudge({ pool, policyOf });
  const gitServer = createGitServer({ sourceControl, judge, trouble: options.trouble });
  return {
    sourceControl,
    artifacts,
    settings,
    signer: createLocalSigner({ pool, seal, clock: systemClock }),
    subscriptions: createSubscriptions({ pool, seal }),
    hooks: createHooks({ pool, seal }),
    tenants,
    signIns,
    peopled,
    journal,
    freezes: createFreezes({ pool, tenants, journal }),
    externalGates: createExternalGates({ settings, folder: places.gates }),
    delegations: createPostgresDelegations(pool),
    ledger,
    gitServer,
    forge: createEmbeddedForge({
      pool,
      sourceControl,
      compare: gitServer.compare,
      policyOf,
      url: (repository, number) => `${options.publicUrl()}/api/v1/pull-requests/${repository}/${number}`,
    }),
    secretScanner: createSecretlintScanner(),
    vulnerabilityScanner: createNpmAudit(options.env),
    vulnerabilities: createVulnerabilityData(options.env),
    builder: {
      id: options.env.CONNECTSOFT_BUILDER_ID ?? `urn:connectsoft-delivery:host:${options.host}`,
      version: options.version,
    },
    runner: createLocalRunner({
      root: places.builds,
      sourceControl,
      artifacts,
      goSeed: goSeedOf(options.env.CONNECTSOFT_GO_SEED),
    }),
    provisioner: createLocalProvisioner({
      pool,
      settings,
      storageRoot: places.storage,
      dns: createNsupdateDns(),
      limits: targets,
      serviceUser: (namespace) => knownUserOf(places.target, namespace),
      // An environment has turns of its own, beside those of its modules.
      inTurn: (place, task) => ledger.inTurn({ ...place, moduleId: "" }, new AbortController().signal, task),
    }),
    targets,
    validatorPool,
    planGeneration: createGenerationPlanner({
      sourceControl,
      dialects,
      generators,
      checkFiles: validatorPool.check,
    }),
    readDigests: createDigestReader({ settings, tenants: peopled }),
    policyOf: async (delivery: PolicySubject, environment: string) =>
      policyOfDelivery(await peopled.get(delivery.invocation.tenantId), delivery, environment),
  };
}

interface Asked {
  traces: Traces;
  lostOverrider: LostOverrider;
}

function createAgents(ports: Ports, { traces, lostOverrider }: Asked): Agent[] {
  const {
    settings,
    peopled: tenants,
    freezes,
    ledger,
    targets,
    policyOf,
    readDigests,
    planGeneration,
  } = ports;
  return [
    createCodeCommitter(ports),
    createPullRequestCreator(ports),
    createDevOpsEngineer({ ...ports, planGeneration }),
    createCloudProvisioner({ ...ports, lostOverrider }),
    createReleaseManager({
      ...{ freezes, lostOverrider, ledger, settings, tenants, traces },
      externalGates: ports.externalGates,
      delegations: ports.delegations,
      signer: ports.signer,
      vulnerabilities: ports.vulnerabilities,
      checkFiles: ports.validatorPool.check,
      verifyCommits: createCommitVerifier(ports),
      readBound: createBoundReader({ settings, tenants }),
      // Where another host holds the repository, the change is told without its number of files.
      countFiles: (repository, before, after) =>
        ports.sourceControl.diff(repository, before, after).then(
          (files) => files.length,
          () => undefined,
        ),
    }),
    createDeploymentOrchestrator({
      targetFor: (name) => targets[name],
      settings,
      releases: ledger,
      currentDigests: readDigests,
      countVotes: createVoteCounter({ tenants, delegations: ports.delegations, signer: ports.signer }),
      policyOf,
      freezes,
      lostOverrider,
      tenants,
      externalGates: ports.externalGates,
      signer: ports.signer,
      traces,
      artifacts: ports.artifacts,
      logLimitsOf: async (tenantId, environment) => logLimitsOf(await tenants.get(tenantId), environment),
      runtimeOf: async (tenantId, environment) => runtimeOf(await tenants.get(tenantId), environment),
    }),
  ];
}

/** The exporter is loaded only where a collector is named. */
async function openTracing(env: NodeJS.ProcessEnv, identity: { version: string; host: string }) {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (endpoint === undefined || endpoint === "") return undefined;
  const { createTracingObserver } = await import("./adapters/telemetry/trace-skills.ts");
  return createTracingObserver(identity);
}

function readBuiltInFlows(): System["builtInFlows"] {
  const read = (name: string) =>
    loadFlow(
      readFileSync(join(import.meta.dirname, "../flows", `${name}.yaml`), "utf8"),
      `flows/${name}.yaml`,
      manifests,
    );
  return { delivery: read("delivery"), environment: read("environment"), upgrade: read("upgrade") };
}

/** Names of packages; `none` for no seed. */
function goSeedOf(value = "std"): string[] {
  return value.split(/[\s,]+/).filter((name) => name !== "" && name !== "none");
}

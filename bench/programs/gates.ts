/** Evaluates one release again and again with every gate asked for, on the real store beside the database. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { createPostgresDelegations } from "../../src/adapters/delegations/postgres/postgres-delegations.ts";
import { createExternalGates } from "../../src/adapters/external-gates/local/create-external-gates.ts";
import { createFreezes } from "../../src/adapters/freezes/postgres/create-freezes.ts";
import { createPostgresJournal } from "../../src/adapters/journal/postgres/postgres-journal.ts";
import { createReleaseLedger } from "../../src/adapters/release-ledger/postgres/create-release-ledger.ts";
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import { createLocalSigner } from "../../src/adapters/signer/local/create-local-signer.ts";
import { openPostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { createPostgresTenants } from "../../src/adapters/tenants/postgres/postgres-tenants.ts";
import { checkFiles } from "../../src/adapters/validator/index.ts";
import { createVulnerabilityData } from "../../src/adapters/vulnerability-data/create-vulnerability-data.ts";
import { createBoundReader } from "../../src/agents/approval-digests.ts";
import { releaseManagerManifest } from "../../src/agents/release-manager/manifest.ts";
import { createEvaluateRelease } from "../../src/agents/release-manager/skills/evaluate-release.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { createAgentContext, type Hands } from "../../src/engine/agent-context.ts";
import { createTraceReader } from "../../src/engine/read-trace.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { silentObserver } from "../../src/ports/engine-observer.ts";
import { sampleHandOver, sampleInvocation } from "../../test/support/agent-context.ts";
import { openBenchEngine } from "../support/bench-engine.ts";
import { advisories, factsOf, tenantOf } from "../support/gate-facts.ts";
import { argument, say } from "../support/program.ts";

const { url, count, warmUp, packages } = argument<{
  url: string;
  count: number;
  warmUp: number;
  packages: number;
}>();
const folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-gates-"));
const osvFile = path.join(folder, "osv.json");
await writeFile(osvFile, JSON.stringify(advisories(5_000)));

const pool = openPool(url, { max: 10, applicationName: "bench" });
const store = await openPostgresStore({ pool, url });
const tenants = createPostgresTenants(pool);
const tenant = tenantOf(osvFile);
await tenants.put(tenant, "bench");
const seal = createKeyFileSeal(path.join(folder, "seal.key"));
const settings = createSettings({ pool, seal });
const signer = createLocalSigner({ pool, seal, clock: systemClock });
const ledger = createReleaseLedger({ pool });

const subject = { tenantId: tenant.id, traceId: "trace-gates", moduleId: "booking-service" };
const bench = await openBenchEngine({ url, works: false });
await bench.handOver(subject);
const { events, files } = await factsOf(subject, {
  packages,
  sign: (payload) => signer.sign(tenant.id, payload),
});
const writer = { agentId: "bench", skillId: "Bench", invocationId: "bench" };
await bench.engine.append(
  subject,
  events.map(({ name, data }, index) => ({
    id: `fact-${index}`,
    name,
    data,
    source: "/agents/devops-engineer",
  })),
  { files: files.map((file) => ({ ...file, source: "/agents/devops-engineer", writer })) },
);
const record = await store.load(subject);
if (record === undefined) throw new Error("the delivery is not there");

const evaluate = createEvaluateRelease({
  ...{ ledger, settings, tenants, signer, checkFiles },
  freezes: createFreezes({ pool, tenants, journal: createPostgresJournal(pool, systemClock) }),
  lostOverrider: async () => undefined,
  externalGates: createExternalGates({ settings, folder }),
  delegations: createPostgresDelegations(pool),
  traces: createTraceReader({ store, ledger }),
  vulnerabilities: createVulnerabilityData(),
  readBound: createBoundReader({ settings, tenants }),
  // Git's own work, which is done once for a commit, is not the database's.
  verifyCommits: async () => ({ good: true, by: "verified before" }),
  countFiles: async () => undefined,
});

let summary: JsonObject = {};
const evaluateMs: number[] = [];
for (let nth = 0; nth < warmUp + count; nth += 1) {
  const { context, written } = createAgentContext(
    // An evaluation announces nothing, so that nobody conducts.
    { store, clock: systemClock, observer: silentObserver } as unknown as Hands,
    {
      artifacts: record.state.artifacts,
      invocation: {
        ...sampleInvocation(),
        ...subject,
        environment: "production",
        releaseId: "release-000001",
      },
      manifest: releaseManagerManifest,
      handOver: { ...sampleHandOver(), host: "bench" },
      attempt: 1,
      signal: new AbortController().signal,
    },
  );
  const begun = performance.now();
  await evaluate(context);
  if (nth >= warmUp) evaluateMs.push(performance.now() - begun);
  summary = JSON.parse(
    written.find(({ name }) => name === "ReleaseSummary.json")?.content ?? "{}",
  ) as JsonObject;
}
await bench.stop();
await store.close();
await pool.end();
await rm(folder, { recursive: true });
await say({ kind: "result", evaluateMs, gates: summary.gates, verdict: summary.verdict });
process.exit(0);

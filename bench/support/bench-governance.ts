/** What a server puts around its engine: who may do what, what is counted, what is logged. */
import { openSync, writeSync } from "node:fs";
import type { Pool } from "pg";
import { createPostgresJournal } from "../../src/adapters/journal/postgres/postgres-journal.ts";
import { createCedarDecisions } from "../../src/adapters/policy/cedar/cedar-decisions.ts";
import { createMetrics } from "../../src/adapters/telemetry/count-metrics.ts";
import { joinLines } from "../../src/adapters/telemetry/join-lines.ts";
import { createLogger, createLogObserver } from "../../src/adapters/telemetry/log-events.ts";
import { readGauges } from "../../src/adapters/telemetry/read-gauges.ts";
import { createPostgresTenants } from "../../src/adapters/tenants/postgres/postgres-tenants.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createAgentAuthority } from "../../src/operations/sponsors/authorise-agent.ts";
import type { AuthoriseAgent } from "../../src/ports/authorise-agent.ts";
import { systemClock } from "../../src/ports/clock.ts";
import type { EngineObserver } from "../../src/ports/engine-observer.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";

export async function openGovernance({ pool, store }: { pool: Pool; store: EngineStore }): Promise<{
  authorise: AuthoriseAgent;
  observers: EngineObserver[];
}> {
  const tenants = createPostgresTenants(pool);
  const tenant = tenantSchema.parse({
    id: "vetclinic-001",
    people: [
      { id: "jane.doe", roles: ["Developer", "Deployer"] },
      { id: "alice", roles: ["ReleaseManager"] },
    ],
    environments: [{ id: "staging" }, { id: "production" }],
  });
  await tenants.put(tenant, "bench");
  const metrics = createMetrics({ store, gauges: () => readGauges(pool), moduleLabel: false });
  const policy = createCedarDecisions({ decided: metrics.decided });
  const journal = createPostgresJournal(pool, systemClock);
  const file = openSync("/dev/null", "w");
  const logger = createLogger(joinLines((lines) => void writeSync(file, lines)));
  return {
    authorise: createAgentAuthority({ tenants, policy, journal }),
    observers: [metrics.observer, createLogObserver(logger)],
  };
}

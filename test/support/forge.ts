/** The embedded forge and its git server on a database and real git of their own, for tests. */
import { createEmbeddedForge } from "../../src/adapters/forge/embedded/embedded-forge.ts";
import { createPushJudge } from "../../src/adapters/forge/embedded/judge-push.ts";
import {
  type RepositoryPolicy,
  repositoryPolicyOf,
} from "../../src/adapters/forge/embedded/repository-policy.ts";
import { createGitServer } from "../../src/adapters/git-server/git/git-server.ts";
import { defaultTenant } from "../../src/domain/tenant/default-tenant.ts";
import type { Forge } from "../../src/ports/forge.ts";
import type { GitServer } from "../../src/ports/git-server.ts";
import type { SourceControl } from "../../src/ports/source-control.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { createTestSourceControl, type TestSourceControl } from "./source-control.ts";

export interface TestForge extends TestSourceControl {
  forge: Forge;
  gitServer: GitServer;
  pool: TestDatabase["pool"];
  /** What holds for every repository here; may be changed. */
  policy: RepositoryPolicy;
}

export async function createTestForge(): Promise<TestForge> {
  const [database, git] = await Promise.all([createTestDatabase(), createTestSourceControl()]);
  const { pool } = database;
  const policy: RepositoryPolicy = { ...repositoryPolicyOf(defaultTenant("owner")), selfApproval: false };
  return {
    ...git,
    ...createForge({ pool, sourceControl: git.sourceControl, policyOf: async () => policy }),
    pool,
    policy,
    async stop() {
      await Promise.all([database.drop(), git.stop()]);
    },
  };
}

/** Puts forge and git server together as the product does. */
export function createForge(parts: {
  pool: TestDatabase["pool"];
  sourceControl: SourceControl;
  policyOf(repository: string): Promise<RepositoryPolicy>;
  url?: (repository: string, number: number) => string;
}): { forge: Forge; gitServer: GitServer } {
  const { pool, sourceControl, policyOf, url = pullRequestUrl } = parts;
  const gitServer = createGitServer({
    sourceControl,
    judge: createPushJudge({ pool, policyOf }),
    trouble: (message, error) => console.error(message, error),
  });
  const { compare } = gitServer;
  return { gitServer, forge: createEmbeddedForge({ pool, sourceControl, compare, policyOf, url }) };
}

function pullRequestUrl(repository: string, number: number): string {
  return `http://127.0.0.1/${repository}/pulls/${number}`;
}

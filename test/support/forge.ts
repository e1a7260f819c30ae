/** The embedded forge on a database and real git of its own, for tests. */
import { createEmbeddedForge } from "../../src/adapters/forge/embedded/embedded-forge.ts";
import type { Forge } from "../../src/ports/forge.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { createTestSourceControl, type TestSourceControl } from "./source-control.ts";

export interface TestForge extends TestSourceControl {
  forge: Forge;
  pool: TestDatabase["pool"];
}

export async function createTestForge(): Promise<TestForge> {
  const [database, git] = await Promise.all([createTestDatabase(), createTestSourceControl()]);
  const { pool } = database;
  const { sourceControl } = git;
  return {
    ...git,
    pool,
    forge: createEmbeddedForge({ pool, sourceControl, url: pullRequestUrl }),
    async stop() {
      await Promise.all([database.drop(), git.stop()]);
    },
  };
}

export function pullRequestUrl(repository: string, number: number): string {
  return `http://127.0.0.1/${repository}/pulls/${number}`;
}

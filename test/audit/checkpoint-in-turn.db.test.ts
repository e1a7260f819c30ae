import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCheckpointFile } from "../../src/domain/audit/checkpoint-file.ts";
import type { StepDecision } from "../../src/domain/delivery/step.ts";
import { checkpointInTurn } from "../../src/server/checkpoint-in-turn.ts";
import type { Repeated } from "../../src/server/repeat.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const tenantId = "vetclinic-001";
let world: TestSystem;
let turn: Repeated | undefined;
let tell: (decision: StepDecision) => void = () => undefined;
const troubles: string[] = [];

beforeEach(async () => {
  troubles.length = 0;
  world = await createTestSystem();
});
afterEach(async () => {
  await turn?.stop();
  await world.close();
});

test("a deployment that ended is covered long before the next turn of all", async () => {
  begin();
  const subject = await world.deliver();
  await world.until(subject, (_, kind) => kind === "waiting");
  const events = await world.system.store.events(subject);
  tell({ record: { subject } as StepDecision["record"], events, artifacts: [] });
  await expect.poll(published).toBeGreaterThan(0);
  await expect.poll(async () => (await check()).uncovered).toBe(0);
});

test("a database that does not fit what was published is told of once, by name, and nothing is published over it", async () => {
  const subject = await world.deliver();
  await world.until(subject, (_, kind) => kind === "waiting");
  await world.system.auditLog.checkpoint(tenantId);
  await world.pool.query("update connectsoft.deliveries set hash = repeat('0', 64)");
  begin("20");
  await expect.poll(() => troubles.length).toBeGreaterThan(0);
  expect(troubles[0]).toMatch(/vetclinic-001.*does not fit its log/s);
  expect(await published()).toBe(1);
});

function begin(everyMs = "3600000"): void {
  turn = checkpointInTurn(world.system, {
    env: { CONNECTSOFT_CHECKPOINT_INTERVAL_MS: everyMs },
    onStep(listener) {
      tell = listener;
      return () => undefined;
    },
    trouble: (message, error) => troubles.push(`${message}: ${error}`),
  });
}

function check() {
  return world.system.auditLog.check(tenantId, {});
}

async function published(): Promise<number> {
  const text = await readFile((await check()).file, "utf8").catch(() => "");
  return readCheckpointFile(text).checkpoints.length;
}

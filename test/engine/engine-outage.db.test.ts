/** The database goes away in the middle of the work: what was done is kept in hand, and nothing is done again. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type DatabaseLink, openDatabaseLink } from "../support/database-link.ts";
import { success } from "../support/scripted-agents.ts";
import { createGate, newSubject, oneStep, openStage, type Stage } from "./stage.ts";
import { createPostgresWorld } from "./world.ts";

let home: TestDatabase;
let link: DatabaseLink;
let linked: Pick<TestDatabase, "pool" | "url">;
let stage: Stage;

beforeEach(async () => {
  home = await createTestDatabase();
  link = await openDatabaseLink(home.url);
  linked = { pool: openPool(link.url, { max: 10, applicationName: "engine" }), url: link.url };
  stage = await openStage(() => createPostgresWorld({ home, reach: () => linked }));
});

afterEach(async () => {
  await stage.close();
  await linked.pool.end();
  await link.close();
  await home.drop();
});

/** Ends every connection to the database but the test's own. */
async function terminateAll(): Promise<void> {
  await home.pool.query(
    `select pg_terminate_backend(a.pid) from pg_stat_activity a
     where a.datname = current_database() and a.application_name <> 'test'`,
  );
}

test("work goes on when every connection is ended in its middle, and its result lands as the first attempt", async () => {
  const work = createGate();
  let aborted = false;
  const player = await stage.enter({
    script: {
      CommitModule: async ({ signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        await work.pass(signal);
        return success();
      },
    },
  });
  const subject = newSubject();
  await player.handOver(subject, { flow: await player.flow(oneStep) });
  await work.entered;
  const before = player.engine.workerId();
  await terminateAll();
  await stage.until(() => ![before, undefined].includes(player.engine.workerId()));
  work.open();
  await stage.reaches(subject, "ended");
  expect(aborted).toBe(false);
  expect(await stage.events(subject, "AgentFailed")).toEqual([]);
  expect(await stage.events(subject, "AgentCompleted")).toMatchObject([{ data: { attempt: 1 } }]);
});

test("results are kept in hand for as long as the database is away", async () => {
  const works = new Map<string, ReturnType<typeof createGate>>();
  const runs: string[] = [];
  const troubles: string[] = [];
  const player = await stage.enter({
    observer: {
      stepTaken: () => undefined,
      skillEnded: () => undefined,
      progress: () => undefined,
      trouble: (message) => troubles.push(message),
    },
    script: {
      CommitModule: async ({ invocation, signal }) => {
        runs.push(invocation.traceId);
        await works.get(invocation.traceId)?.pass(signal);
        return success();
      },
    },
  });
  const subjects = Array.from({ length: 8 }, newSubject);
  for (const subject of subjects) {
    works.set(subject.traceId, createGate());
    await player.handOver(subject);
  }
  for (const work of works.values()) await work.entered;
  link.cut();
  for (const work of works.values()) work.open();
  const kept = () => troubles.filter((message) => message.includes("did not take a result")).length;
  await stage.until(() => kept() >= subjects.length);
  link.mend();
  for (const subject of subjects) await stage.reaches(subject, "awaiting_approval");
  expect(runs).toHaveLength(subjects.length);
  for (const subject of subjects) expect(await stage.events(subject, "AgentFailed")).toEqual([]);
});

test("connections that break again and again lose nothing", async () => {
  const player = await stage.enter();
  const subjects = Array.from({ length: 20 }, newSubject);
  for (const subject of subjects) await player.handOver(subject);
  const resting = async () => {
    const all = await Promise.all(subjects.map((subject) => stage.states(subject)));
    return all.filter((states) => states.includes("awaiting_approval")).length;
  };
  for (let round = 0; round < 5; round += 1) {
    const before = await resting();
    await terminateAll();
    await stage.until(async () => (await resting()) > before || before === subjects.length);
  }
  await stage.until(async () => (await resting()) === subjects.length);
  for (const subject of subjects) {
    const { invocations } = (await stage.record(subject)).state;
    expect(invocations).toEqual({});
  }
});

/** Worker processes that are killed with SIGKILL: at every step, at random, and while another one waits. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventName } from "../../src/domain/event/event.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { subjectOf } from "../support/rig.ts";
import { type Crew, openCrew, until, type WorkerProcess } from "./crew.ts";
import type { KillPoint } from "./orders.ts";

let crew: Crew;
beforeEach(async () => {
  crew = await openCrew();
});
afterEach(() => crew.close());

/** Results on the way to the approval of production; commits may be fewer, because results share them. */
const steps = 17;

const killPoints: Omit<KillPoint, "traceId">[] = (["commit", "effect"] as const).flatMap((what) =>
  (["before", "after"] as const).flatMap((moment) =>
    Array.from({ length: steps }, (_, index) => ({ what, moment, nth: index + 1 })),
  ),
);

test("a worker that dies right before or after any commit or effect leaves nothing undone and nothing done twice", async () => {
  const subjects = killPoints.map(({ what, moment, nth }) => subjectOf(`trace-${moment}-${what}-${nth}`));
  const ends: string[] = [];
  // While one works the next one is loaded: that takes longer than the work.
  const load = (index: number) => {
    const [subject, point] = [subjects[index], killPoints[index]];
    if (subject === undefined || point === undefined) return undefined;
    return { subject, worker: crew.prepare({ kill: { ...point, traceId: subject.traceId } }) };
  };
  let next = load(0);
  while (next !== undefined) {
    const { subject, worker } = next;
    next = load(ends.length + 1);
    await crew.rig.handOver(subject);
    // It also takes up what the ones before it left; all of them are dead.
    worker.go();
    const { signal, code } = await worker.ended;
    ends.push(signal ?? `exit ${code}`);
  }
  expect(ends).toHaveLength(killPoints.length);
  expect(ends.filter((end) => end === "SIGKILL").length).toBeGreaterThanOrEqual(killPoints.length - 8);
  expect(ends.filter((end) => end !== "SIGKILL" && end !== "exit 0")).toEqual([]);
  crew.start();
  for (const subject of subjects) await crew.reaches(subject, "awaiting_approval");
  for (const subject of subjects) await crew.approve(subject);
  for (const subject of subjects) await crew.reaches(subject, "published");
  expect(await crew.problems(subjects)).toEqual([]);
});

test("workers that are killed at random moments, while others work, lose and repeat nothing", async () => {
  const subjects = Array.from({ length: 40 }, (_, index) => subjectOf(`trace-random-${index}`));
  const workers: WorkerProcess[] = [crew.start(), crew.start()];
  for (const subject of subjects) await crew.rig.handOver(subject);
  for (let kills = 0; kills < 8; kills += 1) {
    const victim = workers.shift();
    await victim?.ready;
    const before = await sequences(subjects);
    const wanted = before + Math.floor(Math.random() * 60);
    await until(async () => (await sequences(subjects)) > wanted || (await allRest(subjects)));
    if (victim !== undefined) await crew.end(victim);
    workers.push(crew.start());
  }
  for (const subject of subjects) await crew.reaches(subject, "awaiting_approval");
  for (const subject of subjects) await crew.approve(subject);
  for (const subject of subjects) await crew.reaches(subject, "published");
  expect(await crew.problems(subjects)).toEqual([]);
});

test("what a killed worker held is taken over by one that waits", async () => {
  const subject = subjectOf("trace-held");
  const holder = crew.start({ holds: subject.traceId });
  await holder.ready;
  await crew.rig.handOver(subject);
  await until(async () => Object.keys((await crew.rig.record(subject)).state.invocations).length === 2);
  const [first] = Object.keys((await crew.rig.record(subject)).state.invocations);
  const waiting = crew.start();
  await waiting.ready;
  const killedAt = Date.now();
  await crew.end(holder);
  const lost = async () =>
    (await crew.store.events(subject, { names: ["AgentFailed"] })).find(
      ({ data }) => data.invocationId === first,
    );
  await until(async () => (await lost()) !== undefined);
  console.info(`taken over after ${Date.now() - killedAt} ms`);
  expect(await lost()).toMatchObject({ source: "/engine", data: { code: "WorkerLost", attempt: 1 } });
  await crew.reaches(subject, "awaiting_approval");
  expect(await crew.problems([subject])).toEqual([]);
});

async function sequences(subjects: Subject[]): Promise<number> {
  const records = await Promise.all(subjects.map((subject) => crew.rig.record(subject)));
  return records.reduce((sum, record) => sum + record.head.sequence, 0);
}

async function allRest(subjects: Subject[]): Promise<boolean> {
  const told = await Promise.all(
    subjects.map((subject) => crew.store.events(subject, { names: ["ApprovalRequested"] })),
  );
  return told.every((events) => events.some((event) => eventName(event) === "ApprovalRequested"));
}

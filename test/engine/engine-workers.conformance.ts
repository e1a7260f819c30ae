/** What engines do as workers beside each other, and what becomes of work when one ends. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decideStep } from "../../src/domain/delivery/decide-step.ts";
import type { DeliveryRecord } from "../../src/domain/delivery/delivery-state.ts";
import type { AttemptResult } from "../../src/domain/delivery/step.ts";
import type { Subject } from "../../src/domain/scope.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";
import { success } from "../support/scripted-agents.ts";
import { createGate, newSubject, oneStep, openStage, type Stage } from "./stage.ts";
import type { World } from "./world.ts";

export function engineWorkersConformance(name: string, create: () => Promise<World>): void {
  describe(`workers of the engine on ${name}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await openStage(create);
    });
    afterEach(() => stage.close());

    test("the time that a delay names outlives the engine", async () => {
      const held = (environment: string | undefined) => environment === "staging";
      let evaluations = 0;
      const script = {
        EvaluateRelease: async ({
          invocation,
          now,
        }: {
          invocation: { environment?: string };
          now(): Date;
        }) => {
          evaluations += 1;
          const until = new Date(now().getTime() + 300).toISOString();
          const release = { releaseId: "release-000001", version: "1", reasons: [], until };
          return held(invocation.environment) && evaluations === 1
            ? success(["ReleaseDelayed", release])
            : success(["ReleaseRejected", release]);
        },
      };
      const first = await stage.enter({ script });
      const subject = newSubject();
      await first.handOver(subject);
      await stage.reaches(subject, "delayed");
      await stage.leave(first);
      const [delay] = await stage.events(subject, "ReleaseDelayed");
      await stage.until(() => stage.clock.now().toISOString() >= String(delay?.data.until));
      expect(await stage.states(subject)).toContain("delayed");
      await stage.enter({ script });
      await stage.reaches(subject, "rejected");
      expect(await stage.events(subject, "TimerFired")).toMatchObject([
        { environment: "staging", data: { instance: "staging", timerId: "delayed#until" } },
      ]);
    });

    test("a stopped engine gives its work back, and another one does it as the same attempt", async () => {
      const work = createGate();
      const first = await stage.enter({
        script: { CommitModule: ({ signal }) => work.pass(signal).then(() => success()) },
      });
      const subject = newSubject();
      await first.handOver(subject, { flow: await first.flow(oneStep) });
      await work.entered;
      await stage.leave(first);
      expect(await stage.events(subject, "AgentFailed")).toEqual([]);
      await stage.enter();
      await stage.reaches(subject, "ended");
      expect(await stage.events(subject, "AgentCompleted")).toMatchObject([{ data: { attempt: 1 } }]);
    });

    test("a stopping engine begins nothing new, also not what its last commit makes due", async () => {
      const work = createGate();
      const begun: string[] = [];
      const first = await stage.enter({
        script: {
          CommitModule: () => work.pass().then(() => success()),
          OpenPullRequest: async () => {
            begun.push("OpenPullRequest");
            return success();
          },
        },
      });
      const subject = newSubject();
      await first.handOver(subject);
      await work.entered;
      const left = stage.leave(first);
      work.open();
      await left;
      expect(begun).toEqual([]);
      await stage.enter();
      await stage.reaches(subject, "awaiting_approval");
      expect(await stage.events(subject, "AgentFailed")).toEqual([]);
    });

    test("the work of a lost worker is done by another, and its own late answer is recorded and ignored", async () => {
      const work = createGate();
      const lost = await stage.enter({
        script: { CommitModule: () => work.pass().then(() => success()) },
      });
      const subject = newSubject();
      await lost.handOver(subject, { flow: await lost.flow(oneStep) });
      await work.entered;
      const invocation = Object.values((await stage.record(subject)).state.invocations)[0];
      const worker = lost.engine.workerId();
      await lost.crash();
      const other = await stage.enter();
      await stage.reaches(subject, "ended");
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([
        {
          source: "/engine",
          data: { code: "WorkerLost", attempt: 1, message: expect.stringContaining(`${worker}`) },
        },
      ]);
      expect(await stage.events(subject, "AgentCompleted")).toMatchObject([{ data: { attempt: 2 } }]);
      const before = await stage.record(subject);
      const end = { status: "Success" as const, summary: "too late" };
      const result = { durationMs: 1, emits: [], artifacts: [], end, attempt: 1 };
      const { invocationId = "" } = invocation ?? {};
      for (let times = 0; times < 2; times += 1)
        await takeLate(other.store, subject, { ...result, invocationId });
      expect((await stage.events(subject)).at(-1)).toMatchObject({
        sequence: before.head.sequence + 1,
        data: { late: true, attempt: 1 },
      });
      expect((await stage.record(subject)).state).toEqual(before.state);
    });

    test("two engines share the work, and none of it runs twice", async () => {
      const runs = new Map<string, string[]>();
      const scriptOf = (engine: string) => ({
        CommitModule: async ({ invocation }: { invocation: { invocationId: string } }) => {
          const { invocationId } = invocation;
          runs.set(invocationId, [...(runs.get(invocationId) ?? []), engine]);
          await new Promise((resolve) => setImmediate(resolve));
          return success();
        },
      });
      const roomFor = () => 2;
      const one = await stage.enter({ script: scriptOf("one"), roomFor });
      const other = await stage.enter({ script: scriptOf("other"), roomFor });
      const subjects = Array.from({ length: 30 }, newSubject);
      const flow = await one.flow(oneStep);
      await other.flow(oneStep);
      await Promise.all(
        subjects.map((subject, index) => (index % 2 === 0 ? one : other).handOver(subject, { flow })),
      );
      for (const subject of subjects) await stage.reaches(subject, "ended");
      expect(runs.size).toBe(30);
      expect([...runs.values()].filter((engines) => engines.length !== 1)).toEqual([]);
      expect(new Set([...runs.values()].flat())).toEqual(new Set(["one", "other"]));
    });

    test("a slow agent holds nobody up, and none runs more at once than it has room for", async () => {
      const slow = createGate();
      let running = 0;
      let most = 0;
      const player = await stage.enter({
        roomFor: (agentId) => (agentId === "code-committer" ? 2 : 32),
        script: {
          CommitModule: async () => {
            running += 1;
            most = Math.max(most, running);
            await slow.pass();
            running -= 1;
            return success();
          },
        },
      });
      const subjects = Array.from({ length: 12 }, newSubject);
      for (const subject of subjects) await player.handOver(subject);
      for (const subject of subjects)
        await stage.reaches(subject, "preparing.infrastructure.infra_provisioned");
      expect(running).toBe(2);
      slow.open();
      for (const subject of subjects) await stage.reaches(subject, "awaiting_approval");
      expect(most).toBe(2);
    });

    test("a worker that claims from a heap takes no more of one agent than it has room for", async () => {
      const first = await stage.enter({ roomFor: () => 0 });
      const flow = await first.flow(oneStep);
      const subjects = Array.from({ length: 9 }, newSubject);
      for (const subject of subjects) await first.handOver(subject, { flow });
      await stage.leave(first);
      const slow = createGate();
      let running = 0;
      let most = 0;
      const second = await stage.enter({
        roomFor: (agentId) => (agentId === "code-committer" ? 1 : 32),
        script: {
          CommitModule: async () => {
            running += 1;
            most = Math.max(most, running);
            await slow.pass();
            running -= 1;
            return success();
          },
        },
      });
      await slow.entered;
      slow.open();
      for (const subject of subjects) await stage.reaches(subject, "ended");
      await second.engine.settled();
      expect(most).toBe(1);
    });

    test("room that was kept for a step whose answer was lost is free again", async () => {
      const player = await stage.enter({ roomFor: () => 1 });
      const flow = await player.flow(oneStep);
      await player.handOver(newSubject(), { flow });
      const subjects = Array.from({ length: 3 }, newSubject);
      player.store.setFaults({ random: () => 0.5, before: 0, after: 1 });
      for (const subject of subjects)
        await expect(player.handOver(subject, { flow })).rejects.toThrow("the answer was lost");
      player.store.setFaults(undefined);
      for (const subject of subjects) await stage.reaches(subject, "ended");
      expect(await stage.events(subjects[0] ?? newSubject(), "ModuleReady")).toHaveLength(1);
    });

    test("room that was kept twice for one step, because another engine came between, is kept once", async () => {
      const worker = await stage.enter({ roomFor: () => 2 });
      const other = await stage.enter({ roomFor: () => 0 });
      const subject = newSubject();
      await worker.handOver(subject, { flow: await worker.flow(oneStep) });
      for (let round = 1; round <= 4; round += 1) {
        await stage.until(async () => (await stage.events(subject, "AgentCompleted")).length === round);
        await other.tell(subject, "ModuleGenerated", { round });
        await worker.tell(subject, "StudioCommitRequest", { by: "jane" });
      }
      await stage.until(async () => (await stage.events(subject, "AgentCompleted")).length === 5);
    });

    test("a record that was read before an attempt was made does not end it", async () => {
      const work = createGate();
      let outdated: DeliveryRecord | undefined;
      let reads = 0;
      let aborted = false;
      const worker = await stage.enter({
        wrap: (store) => ({
          ...store,
          async load(subject) {
            if (outdated === undefined) return await store.load(subject);
            reads += 1;
            return outdated;
          },
        }),
        script: {
          CommitModule: async ({ invocation, signal }) => {
            signal.addEventListener("abort", () => {
              aborted = true;
            });
            if (invocation.step === 2) await work.pass(signal);
            return success();
          },
        },
      });
      const other = await stage.enter({ roomFor: () => 0 });
      const subject = newSubject();
      await worker.handOver(subject, { flow: await worker.flow(oneStep) });
      await stage.reaches(subject, "ended");
      const before = await stage.record(subject);
      await worker.tell(subject, "StudioCommitRequest", { by: "jane" });
      await work.entered;
      outdated = before;
      await other.tell(subject, "ModuleGenerated", {});
      await stage.until(() => reads > 0);
      outdated = undefined;
      work.open();
      await stage.until(async () => (await stage.events(subject, "AgentCompleted")).length === 2);
      expect(aborted).toBe(false);
    });

    test("a cancellation through another engine reaches the one that works", async () => {
      const work = createGate();
      let told = false;
      const worker = await stage.enter({
        script: {
          CommitModule: async ({ signal }) => {
            signal.addEventListener("abort", () => {
              told = true;
            });
            await work.pass(signal);
            return success();
          },
        },
      });
      const other = await stage.enter({ roomFor: () => 0 });
      const subject = newSubject();
      await worker.handOver(subject, { flow: await worker.flow(oneStep) });
      await work.entered;
      await other.tell(subject, "DeliveryCancelled", { by: "jane" });
      await stage.until(() => told);
    });

    test("a delivery whose flow cannot be read any more keeps no other from its timers", async () => {
      const timed = `states:
  waiting: { on: { ModuleReady: resting } }
  resting: { after: { 60ms: rested } }
  rested: { on: { StudioCommitRequest: resting } }
`;
      let readable = true;
      const first = await stage.enter();
      const [broken, whole] = [newSubject(), newSubject()];
      await first.handOver(broken, { flow: await first.flow(`flow: broken\n${timed}`) });
      await first.handOver(whole, { flow: await first.flow(timed) });
      await stage.leave(first);
      readable = false;
      await stage.enter({
        wrap: (store) => ({
          ...store,
          loadFlow: async (digest) => {
            const flow = await store.loadFlow(digest);
            return flow?.name === "broken" && !readable ? { name: "broken", text: "states: {}" } : flow;
          },
        }),
      });
      await stage.reaches(whole, "rested");
      expect(await stage.states(broken)).toEqual(["resting"]);
    });
  });
}

/** Hands a result in past the engine, as one of a process that was given up would. */
async function takeLate(store: EngineStore, subject: Subject, result: AttemptResult): Promise<void> {
  const now = new Date().toISOString();
  const flows = () => {
    throw new Error("a late result moves no flow");
  };
  await store.step([{ subject, input: { kind: "result", result }, create: false }], {
    now,
    route: () => "any",
    reserve: () => undefined,
    decide: (record, input, known) => decideStep(record, input, { flows, now, known }),
  });
}

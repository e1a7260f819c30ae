/** What the engine does with a delivery, on whatever store and clock. */

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verifyChain } from "../../src/domain/event/event.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { digest, digests } from "../support/digests.ts";
import { success, vote } from "../support/scripted-agents.ts";
import { createGate, newSubject, oneStep, openStage, type Player, type Stage } from "./stage.ts";
import type { World } from "./world.ts";

export function engineConformance(name: string, create: () => Promise<World>): void {
  describe(`the engine on ${name}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await openStage(create);
    });
    afterEach(() => stage.close());

    async function deliverOn(player: Player, text: string): Promise<Subject> {
      const subject = newSubject();
      await player.handOver(subject, { flow: await player.flow(text) });
      return subject;
    }

    test("carries a module through its whole life, and a rollback after it", async () => {
      const player = await stage.enter();
      const subject = newSubject();
      await player.handOver(subject);
      await stage.reaches(subject, "awaiting_approval");
      await player.tell(subject, "ApprovalGranted", vote("release-000002"), { environment: "production" });
      await stage.reaches(subject, "published");
      await player.tell(subject, "RollbackRequested", { by: "alice" }, { environment: "production" });
      await stage.reaches(subject, "rolled_back");
      expect(await stage.states(subject)).toEqual(["published", "live", "rolled_back"]);
      expect(verifyChain(await stage.events(subject))).toMatchObject({ intact: true });
      expect((await stage.record(subject)).state).toMatchObject({ invocations: {}, timers: {} });
    });

    test("evaluates again where a second vote comes while it evaluates the first", async () => {
      const evaluation = createGate();
      let votesSeen = 0;
      const player = await stage.enter({
        script: {
          EvaluateRelease: async (context) => {
            const votes = (await context.events("ApprovalGranted")).length;
            votesSeen = Math.max(votesSeen, votes);
            if (votes === 1) await evaluation.pass(context.signal);
            return votes === 2 || context.invocation.environment === "staging"
              ? success([
                  "ReleaseApproved",
                  { ...releaseOf(context.invocation.releaseId), reasons: [], digests },
                ])
              : {
                  status: "Delayed",
                  summary: "needs two",
                  wakeOn: ["ApprovalGranted"],
                  emits: [{ name: "ApprovalRequested", data: requestOf(context.invocation.releaseId) }],
                };
          },
        },
      });
      const subject = newSubject();
      await player.handOver(subject);
      await stage.reaches(subject, "awaiting_approval");
      const release = { environment: "production" };
      await player.tell(subject, "ApprovalGranted", vote("release-000002", "alice"), release);
      await evaluation.entered;
      await player.tell(subject, "ApprovalGranted", vote("release-000002", "bob"), release);
      evaluation.open();
      await stage.reaches(subject, "published");
      expect(votesSeen).toBe(2);
    });

    test("tries a failed step again after a delay that doubles, and gives up where the flow says so", async () => {
      const retries: number[] = [];
      const player = await stage.enter({
        script: {
          CommitModule: async ({ invocation }) => {
            retries.push(invocation.retries);
            const refusal = { code: "Unavailable" as const, message: "the forge is away" };
            return { status: "Failed", emits: [], refusal, retryable: true };
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "stuck");
      expect(retries).toEqual([0, 1, 2]);
      const failures = await stage.events(subject, "AgentFailed");
      const delays = failures.map(({ time, data }) =>
        typeof data.retryAt === "string" ? Date.parse(data.retryAt) - Date.parse(time) : undefined,
      );
      expect(delays).toEqual([40, 80, undefined]);
      expect(failures.map(({ data }) => data.attempt)).toEqual([1, 2, 3]);
    });

    test("does not try again what the agent says cannot be mended", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async () => ({
            status: "Failed",
            emits: [],
            refusal: { code: "BranchPolicy", message: "no" },
            retryable: false,
          }),
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "stuck");
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([
        { data: { attempt: 1, code: "BranchPolicy" } },
      ]);
    });

    test("tries a skill that throws again, as crashed", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async ({ invocation }) => {
            if (invocation.retries === 0) throw new Error("a bug");
            return success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "ended");
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([
        { data: { attempt: 1, code: "AgentCrashed", message: "a bug" } },
      ]);
    });

    test.each([
      ["an emission outside the manifest", { name: "DeploymentCompleted", data: {} }, "ManifestViolation"],
      ["an emission with wrong data", { name: "CommitReady", data: { commit: 5 } }, "InputInvalid"],
      ["data that is no JSON", { name: "CommitReady", data: commit({ size: Number.NaN }) }, "ResultRefused"],
    ] as const)("refuses %s, and the step fails for good", async (_, emission, code) => {
      const player = await stage.enter({
        script: { CommitModule: async () => ({ status: "Success", summary: "", emits: [emission] }) },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "stuck");
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([{ data: { attempt: 1, code } }]);
      expect(await stage.events(subject, "CommitReady", "DeploymentCompleted")).toEqual([]);
    });

    test("refuses a delay that nothing would end, and text that no database keeps", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async (context) => {
            if (context.invocation.step > 1) context.memory.write("commits", "log.txt", "a\0b");
            return { status: "Delayed", summary: "", emits: [], wakeOn: [] };
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "stuck");
      await player.tell(subject, "StudioCommitRequest", { by: "jane" });
      await stage.until(async () => (await stage.events(subject, "AgentFailed")).length === 2);
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([
        { data: { code: "InputInvalid", message: expect.stringContaining("names neither") } },
        { data: { code: "InputInvalid", message: expect.stringContaining("NUL") } },
      ]);
    });

    test("runs a delayed step again at its event or its time, as the same invocation", async () => {
      const seen: string[] = [];
      const player = await stage.enter({
        script: {
          CommitModule: async (context) => {
            seen.push(context.invocation.invocationId);
            const until = new Date(
              context.now().getTime() + (seen.length === 1 ? 3_600_000 : 60),
            ).toISOString();
            return seen.length < 3
              ? { status: "Delayed", summary: "", emits: [], wakeOn: ["TestsGenerated"], until }
              : success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.until(() => seen.length === 1);
      await player.tell(subject, "TestsGenerated", {});
      await stage.reaches(subject, "ended");
      expect(new Set(seen).size).toBe(1);
      expect(seen).toHaveLength(3);
      const [first, second, third] = await stage.events(subject, "AgentCompleted");
      expect([first?.data.outcome, second?.data.outcome, third?.data.outcome]).toEqual([
        "Delayed",
        "Delayed",
        "Success",
      ]);
      expect(String(third?.time) >= String(second?.data.until)).toBe(true);
    });

    test("waits for both regions of a parallel state", async () => {
      const infrastructure = createGate();
      const player = await stage.enter({
        script: { ProvisionAhead: ({ signal }) => infrastructure.pass(signal).then(() => success()) },
      });
      const subject = newSubject();
      await player.handOver(subject);
      await stage.reaches(subject, "preparing.code.pull_request_created");
      expect(await stage.states(subject)).toContain("preparing.infrastructure.provisioning_ahead");
      infrastructure.open();
      await stage.reaches(subject, "awaiting_approval");
    });

    test("moves where an artifact is written that the flow waits for, and only for that one", async () => {
      let round = 0;
      const player = await stage.enter({
        script: {
          CommitModule: async ({ memory }) => {
            round += 1;
            memory.write(
              "pipelines",
              round === 1 ? "Other.yaml" : "PipelineSnapshot.yaml",
              `round: ${round}`,
              "module",
            );
            return success();
          },
        },
      });
      const subject = await deliverOn(
        player,
        `states:
  waiting: { on: { ModuleReady: working } }
  working:
    type: parallel
    states:
      writer:
        initial: writing
        states:
          writing: { invoke: { agent: code-committer, onDone: written } }
          written: { on: { StudioCommitRequest: writing } }
      reader:
        initial: watching
        states:
          watching: { on: { "memory: PipelineSnapshot.yaml": seen } }
          seen: { on: { StudioPRAction: watching } }
`,
      );
      await stage.reaches(subject, "working.writer.written");
      expect(await stage.states(subject)).toContain("working.reader.watching");
      await player.tell(subject, "StudioCommitRequest", { by: "jane" });
      await stage.reaches(subject, "working.reader.seen");
      expect(await stage.events(subject, "ArtifactWritten")).toMatchObject([
        { data: { name: "Other.yaml", version: 1 } },
        { data: { name: "PipelineSnapshot.yaml", version: 1 } },
      ]);
    });

    test("runs the two fragments of the description as they stand", async () => {
      const player = await stage.enter();
      const first = await deliverOn(player, fragment("delivery-flow.yaml"));
      await player.tell(first, "ModuleGenerated", {});
      await stage.reaches(first, "deployment_completed");
      const second = await deliverOn(player, fragment("orchestrator-integration.yaml"));
      await player.tell(second, "CommitReady", commit({}));
      await stage.reaches(second, "pipeline_ready");
      await player.tell(second, "TestsPassed", {
        commit: "c1",
        tree: "t1",
        reportDigest: digest,
        producer: "qa",
        applicable: true,
      });
      await stage.reaches(second, "deployment_completed");
    });

    test("ends a cancelled delivery: what runs is told to stop, and nothing moves any more", async () => {
      const work = createGate();
      let reason: unknown;
      const player = await stage.enter({
        script: {
          CommitModule: async ({ signal }) => {
            signal.addEventListener("abort", () => {
              reason = signal.reason;
            });
            await work.pass(signal);
            return success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await work.entered;
      await player.tell(subject, "DeliveryCancelled", { by: "jane" });
      await stage.until(async () => (await stage.events(subject, "AgentFailed")).length === 1);
      expect(reason).toMatchObject({ message: "abandoned" });
      expect(await stage.events(subject, "AgentFailed")).toMatchObject([{ data: { late: true } }]);
      await player.tell(subject, "PolicyBlocked", { reasons: [] });
      expect(await stage.states(subject)).toEqual(["working"]);
      expect((await stage.record(subject)).state).toMatchObject({ phase: "cancelled", invocations: {} });
      const { head } = await stage.record(subject);
      await player.engine.settled();
      expect((await stage.record(subject)).head).toEqual(head);
    });

    test("takes a cancelled delivery up again where a person moves it", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async ({ invocation, signal }) => {
            if (invocation.step === 1) await createGate().pass(signal);
            return success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await player.tell(subject, "DeliverySuperseded", { byTrace: "trace-newer" });
      expect((await stage.record(subject)).state.phase).toBe("superseded");
      await player.tell(subject, "FlowMoved", {
        instance: "delivery",
        to: "working",
        by: "jane",
        reason: "mine",
      });
      await stage.reaches(subject, "ended");
      expect((await stage.record(subject)).state.phase).toBe("open");
    });

    test("restarts a flow from a named state, and what ran before is late", async () => {
      const first = createGate();
      const player = await stage.enter({
        script: {
          CommitModule: async ({ invocation }) => {
            if (invocation.step === 1) await first.pass();
            return success(["CommitReady", commit({ step: invocation.step })]);
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await first.entered;
      await player.tell(subject, "FlowMoved", {
        instance: "delivery",
        to: "working",
        by: "jane",
        reason: "again",
      });
      await stage.reaches(subject, "ended");
      first.open();
      await stage.until(async () => (await stage.events(subject, "AgentCompleted")).length === 2);
      const ends = await stage.events(subject, "AgentCompleted");
      expect(ends.map(({ data }) => data.late ?? false)).toEqual([false, true]);
      expect(await stage.events(subject, "CommitReady")).toMatchObject([{ data: { step: 2 } }]);
    });

    test("states once what a repeated attempt announces again", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async ({ announce, invocation }) => {
            await announce("CommitReady", commit({ nth: 1 }));
            await announce("CommitReady", commit({ nth: 2 }));
            if (invocation.retries === 0) throw new Error("a bug");
            return success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "ended");
      expect(await stage.events(subject, "CommitReady")).toMatchObject([
        { data: { nth: 1 } },
        { data: { nth: 2 } },
      ]);
    });

    test("keeps apart by their keys what attempts announce that begin at different steps", async () => {
      const player = await stage.enter({
        script: {
          CommitModule: async ({ announce, invocation }) => {
            const steps = invocation.retries === 0 ? [1, 2] : [2, 3];
            for (const nth of steps) await announce("CommitReady", commit({ nth }), `step-${nth}`);
            if (invocation.retries === 0) throw new Error("a bug");
            return success();
          },
        },
      });
      const subject = await deliverOn(player, oneStep);
      await stage.reaches(subject, "ended");
      const announced = await stage.events(subject, "CommitReady");
      expect(announced.map(({ data }) => data.nth)).toEqual([1, 2, 3]);
    });

    test("goes on with a flow that only the store knows", async () => {
      const first = await stage.enter();
      const subject = await deliverOn(first, fragment("delivery-flow.yaml"));
      await stage.leave(first);
      const second = await stage.enter();
      await second.tell(subject, "ModuleGenerated", {});
      await stage.reaches(subject, "deployment_completed");
    });
  });
}

function commit(more: JsonObject): JsonObject {
  return { commit: "c1", tree: "t1", branch: "trace/x", changed: true, ...more };
}

function releaseOf(releaseId: string | undefined): JsonObject {
  return { releaseId: releaseId ?? "", version: "1.0.0" };
}

function requestOf(releaseId: string | undefined): JsonObject {
  return { ...releaseOf(releaseId), roles: ["ProductOwner"], minApprovers: 2, digests };
}

function fragment(name: string): string {
  return readFileSync(new URL(`../flows/fragments/${name}`, import.meta.url), "utf8");
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Subject } from "../../domain/scope.ts";
import { phases } from "../../domain/timeline/event-phase.ts";
import { deliveryIds } from "../../domain/timeline/span-ids.ts";
import { approveRelease } from "../decide-release.ts";
import { getFlowPicture } from "./get-flow-picture.ts";
import { getTimeline } from "./get-timeline.ts";
import { getWaterfall } from "./get-waterfall.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

const all = () => getTimeline(stage.system, stage.as("jane"), { ...subject, after: 0, limit: 2_000 });

describe("the timeline", () => {
  test("tells each event of the chain: who, what, in which part of the delivery's life", async () => {
    const { items, head, next } = await all();
    expect(items.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: head }, (_, index) => index + 1),
    );
    expect(next).toBeUndefined();
    expect(items[0]).toMatchObject({
      name: "ModuleReady",
      phase: "hand-over",
      who: { kind: "person", name: "jane" },
      what: "Handed over by jane.",
    });
    const asked = items.find(({ name }) => name === "ApprovalRequested");
    expect(asked).toMatchObject({
      phase: "release",
      tone: "attention",
      environment: "production",
      releaseId: "release-000002",
      who: { kind: "agent", name: "release-manager" },
      what: "release-000002 waits for approval by ProductOwner.",
    });
    expect(asked?.evidence).toContainEqual({ name: "commit", value: expect.any(String) });
    for (const { what, phase } of items) {
      expect(what).toMatch(/^\S.*[.!?]$/s);
      expect(what).not.toMatch(/undefined|\[object/);
      expect(phases).toContain(phase);
    }
  });

  test("goes on by pages where the last one ended", async () => {
    const whole = await all();
    const seen: number[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: Awaited<ReturnType<typeof all>> = await getTimeline(stage.system, stage.as("jane"), {
        ...subject,
        after,
        limit: 7,
      });
      seen.push(...page.items.map(({ sequence }) => sequence));
      after = page.next;
    }
    expect(seen).toEqual(whole.items.map(({ sequence }) => sequence));
  });
});

describe("the waterfall", () => {
  test("nests what ran below the delivery, with the ids of the exported trace", async () => {
    const { spans, traceId } = await getWaterfall(stage.system, stage.as("jane"), subject);
    const ids = deliveryIds(subject);
    expect(traceId).toBe(ids.traceId);
    const [root, ...others] = spans;
    expect(root).toMatchObject({ id: ids.spanId, kind: "delivery", outcome: "running" });
    expect(root).not.toHaveProperty("endedAt");
    expect(new Set(spans.map(({ id }) => id)).size).toBe(spans.length);
    expect(
      others.filter(({ kind }) => kind === "attempt").every(({ parentId }) => parentId === root?.id),
    ).toBe(true);
    expect(others).toContainEqual(
      expect.objectContaining({
        agentId: "code-committer",
        skillId: "CommitModule",
        attempt: 1,
        outcome: "success",
      }),
    );
    expect(others).toContainEqual(
      expect.objectContaining({ kind: "wait", name: "approval of release-000002", outcome: "waiting" }),
    );
    expect(others.map(({ startedAt }) => startedAt)).toEqual(
      others.map(({ startedAt }) => startedAt).toSorted(),
    );
  });
});

describe("the picture of the flows", () => {
  const picture = () => getFlowPicture(stage.system, stage.as("jane"), subject);
  const marksOf = async (instance: string) => {
    const flow = (await picture()).flows.find((one) => one.instance === instance);
    return Object.fromEntries((flow?.nodes ?? []).map(({ id, mark }) => [id, mark]));
  };

  test("marks where each flow is, has been and has not come to", async () => {
    const { flows, ahead } = await picture();
    expect(flows.map(({ instance }) => instance)).toEqual(["delivery", "staging", "production"]);
    expect(ahead).toEqual([]);
    expect(await marksOf("delivery")).toMatchObject({
      merging: "done",
      module_ready: "done",
      merge_blocked: "ahead",
      published: "ahead",
    });
    expect(await marksOf("staging")).toMatchObject({
      deploying: "done",
      live: "current",
      rolling_back: "ahead",
    });
    expect(await marksOf("production")).toMatchObject({ awaiting_approval: "waiting", deploying: "ahead" });
    const production = flows.find(({ instance }) => instance === "production");
    expect(production?.nodes.find(({ id }) => id === "awaiting_approval")).toMatchObject({
      state: { word: "needs-approval" },
      since: expect.stringMatching(/^\d{4}-/),
      times: 1,
    });
  });

  test("has an edge for each way, and says which were taken", async () => {
    const { flows } = await picture();
    const production = flows.find(({ instance }) => instance === "production");
    const ids = new Set(production?.nodes.map(({ id }) => id));
    expect(production?.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    const taken = production?.edges.filter((edge) => edge.taken).map(({ id }) => id);
    expect(taken).toContain("evaluation>awaiting_approval");
    expect(taken).not.toContain("evaluation>rejected");
  });

  test("has the regions of a state that is parallel inside it", async () => {
    const [flow] = (await picture()).flows;
    expect(flow?.nodes.find(({ id }) => id === "preparing")).toMatchObject({
      kind: "parallel",
      mark: "done",
    });
    expect(flow?.nodes.find(({ id }) => id === "preparing.code.committing")).toMatchObject({
      parent: "preparing.code",
      initial: true,
      does: "code-committer CommitModule",
    });
  });
});

test("a word that does not count stands on the timeline with who said it and why not", async () => {
  const asked = approveRelease(stage.system, stage.as("jane"), {
    releaseId: "release-000002",
    comment: "fine",
  });
  await expect(asked).rejects.toThrow("UnauthorizedApprover");
  const { items } = await all();
  expect(items.at(-1)).toMatchObject({
    name: "ApprovalVoided",
    tone: "warning",
    who: { kind: "person", name: "jane" },
    releaseId: "release-000002",
  });
});

/** What the Release Manager makes of the answers of a tenant's own gates. */
import { describe, expect, it } from "vitest";
import { askExternalGates } from "../../src/agents/ask-external-gates.ts";
import { evaluateRelease } from "../../src/domain/release/evaluate-release.ts";
import { externalGates } from "../../src/domain/release/external-answer.ts";
import type { Evidence } from "../../src/domain/release/gate.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { Asked } from "../../src/ports/external-gates.ts";
import { fakeContext } from "../support/agent-context.ts";
import { digests } from "../support/digests.ts";

const releaseId = "release-000007";
const board = { name: "change-board", http: { url: "http://127.0.0.1:1/" } };

/** A board whose answer a test sets, and which counts how often it is asked. */
function world(declared: object[] = [board]) {
  const state = {
    answer: { why: "it cannot be reached (ECONNREFUSED)" } as Asked,
    asked: 0,
    gates: declared,
  };
  const context = fakeContext({ invocation: { environment: "production", releaseId } });
  let now = Date.parse(context.invocation.invokedAt);
  context.now = () => new Date(now);
  const { announce } = context;
  context.announce = async (name, data, key) => {
    await announce(name, data, key);
    context.record(name, data);
  };
  const evaluate = async (more: object = {}) => {
    const tenant = tenantSchema.parse({
      id: "vetclinic-001",
      people: [{ id: "jane", roles: ["StudioAdmin"] }],
      environments: [{ id: "staging" }, { id: "production" }],
      gates: state.gates,
    });
    const ask = async () => {
      state.asked += 1;
      return state.answer;
    };
    const proposal = { tenant, environment: "production", releaseId, version: "1.0.0", digests, ...more };
    const { answers, askAgainAt } = await askExternalGates({ ask }, context, proposal);
    return evaluateRelease(externalGates(answers, askAgainAt), {} as Evidence);
  };
  return { state, context, evaluate, advance: (ms: number) => (now += ms) };
}

const passed: Asked = { answer: { status: "passed", reason: "CHG-17 is approved" } };

describe("a gate of the tenant's own", () => {
  it("lets pass, and what it answered is kept for exactly these digests", async () => {
    const { state, context, evaluate } = world();
    state.answer = passed;
    expect(await evaluate()).toMatchObject({
      verdict: "Approved",
      gates: [
        { gate: "change-board", status: "Passed", evidence: expect.stringContaining("CHG-17 is approved") },
      ],
    });
    expect(context.announced).toMatchObject([
      { name: "GateAnswered", data: { gate: "change-board", status: "passed", digests, releaseId } },
    ]);
    await evaluate();
    expect(state.asked).toBe(1);
    await evaluate({ digests: { ...digests, artifact: `sha256:${"b".repeat(64)}` } });
    await evaluate({ releaseId: "release-000008" });
    expect(state.asked).toBe(3);
    state.gates = [{ ...board, http: { url: "http://127.0.0.1:2/" } }];
    await evaluate();
    expect(state.asked).toBe(4);
  });

  it("blocks with its own words, and is not asked again about the same", async () => {
    const { state, evaluate } = world();
    state.answer = { answer: { status: "failed", reason: "no change ticket" } };
    const blocked = {
      verdict: "Rejected",
      reasons: [{ code: "PolicyBlocked", message: expect.stringContaining("no change ticket") }],
    };
    expect(await evaluate()).toMatchObject(blocked);
    state.answer = passed;
    expect(await evaluate()).toMatchObject(blocked);
  });

  it("that cannot be reached, or has not decided, holds the release, and is asked again less and less often", async () => {
    const { state, evaluate, advance } = world();
    expect(await evaluate()).toMatchObject({
      verdict: "Delayed",
      until: "2025-05-23T10:00:30.000Z",
      reasons: [
        {
          code: "GateUnanswered",
          message: "The gate change-board gave no answer: it cannot be reached (ECONNREFUSED).",
        },
      ],
    });
    advance(20 * 60_000);
    expect(await evaluate()).toMatchObject({ until: "2025-05-23T10:25:00.000Z" });
    advance(24 * 60 * 60_000);
    expect(await evaluate()).toMatchObject({ until: "2025-05-24T10:35:00.000Z" });
    state.answer = { answer: { status: "pending", reason: "the board meets at noon" } };
    expect(await evaluate()).toMatchObject({
      verdict: "Delayed",
      reasons: [{ message: expect.stringContaining("the board meets at noon") }],
    });
    state.answer = passed;
    expect(await evaluate()).toMatchObject({ verdict: "Approved" });
    expect(state.asked).toBe(5);
  });

  it("is asked for the places that it is for", async () => {
    const { state, evaluate } = world([
      { ...board, environments: ["staging"] },
      { ...board, name: "other", modules: ["shop"] },
    ]);
    expect(await evaluate()).toMatchObject({ verdict: "Approved", gates: [] });
    expect(state.asked).toBe(0);
  });
});

/** What people approved is what is applied: with any part of it changed, or with nobody behind it, nothing is dispatched. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { policyDigest } from "../../src/domain/release/effective-policy.ts";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

type Delivery = ReturnType<RuntimeRig["delivery"]>;

let rig: RuntimeRig;
let artifact: string;
let traces = 0;
beforeEach(async () => {
  rig = await createRuntimeRig();
  artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  await rig.settings.setConfig(place, "LOG_LEVEL", "debug");
  await rig.settings.setSecret(place, "API_KEY", "s3cret-4711");
});
afterEach(() => rig.dispose());

async function approved(): Promise<Delivery> {
  const delivery = rig.delivery(`trace-${++traces}`, "1.0.0", artifact);
  await delivery.approve();
  return delivery;
}

/** Sent back for another evaluation, with nothing begun. */
async function expectSentBack(delivery: Delivery, code: string, what: string): Promise<void> {
  const { outcome, context } = await delivery.deploy();
  expect(names(outcome), what).toEqual(["ReleaseDelayed"]);
  expect(outcome.emits[0]?.data.reasons, what).toContainEqual(
    expect.objectContaining({ code, message: expect.stringContaining(what) }),
  );
  expect(context.announced).toEqual([]);
}

async function expectNothingRuns(): Promise<void> {
  expect(await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" })).toEqual([]);
}

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

describe("a release is sent back when, after its approval,", () => {
  test.each<[string, string, (delivery: Delivery) => unknown]>([
    ["the artifact is another", "artifact", (one) => build(one, { artifact: digest("b") })],
    ["there is an image of it that nobody approved", "image", (one) => build(one, { image: digest("e") })],
    ["the tree is another", "source tree", (one) => build(one, { tree: "0ther" })],
    ["the commit is another", "commit", (one) => build(one, { commit: "0ther" })],
    [
      "a value of configuration changes",
      "configuration",
      () => rig.settings.setConfig(place, "LOG_LEVEL", "trace"),
    ],
    ["a value of configuration is added", "configuration", () => rig.settings.setConfig(place, "MORE", "1")],
    [
      "a value of configuration is removed",
      "configuration",
      () => rig.settings.unsetConfig(place, "LOG_LEVEL"),
    ],
    ["a secret has a new version", "secrets", () => rig.settings.setSecret(place, "API_KEY", "s3cret-4713")],
    ["a secret is added", "secrets", () => rig.settings.setSecret(place, "OTHER_KEY", "s3cret-4712")],
    ["a secret is removed", "secrets", () => rig.settings.unsetSecret(place, "API_KEY")],
  ])("%s", async (_what, word, change) => {
    const delivery = await approved();
    await change(delivery);
    await expectSentBack(delivery, "DigestMismatch", word);
    await expectNothingRuns();
  });
});

test("a release is sent back when its image is another than the approved one, or none any more", async () => {
  const delivery = await approved();
  build(delivery, { image: digest("e") });
  await delivery.approveAgain();
  for (const other of [{ image: digest("f") }, {}]) {
    build(delivery, other);
    await expectSentBack(delivery, "DigestMismatch", "image");
  }
  await expectNothingRuns();
});

function build(
  delivery: Delivery,
  other: Partial<{ artifact: string; image: string; tree: string; commit: string }>,
): void {
  delivery.tell("ArtifactBuilt", { commit: "c0ffee", tree: "7ree", artifact, ...other });
}

test("a release is sent back whichever part of a plan changed after its approval", async () => {
  const delivery = await approved();
  const { memory } = delivery;
  const plans = ["deployments/RolloutPlan.yaml", "env/InfrastructurePlan.json"] as const;
  const leaves = plans.flatMap((name) => leavesOf(parse(memory[name] ?? "")).map((path) => ({ name, path })));
  expect(leaves.length).toBeGreaterThan(40);
  for (const { name, path } of leaves) {
    const before = memory[name] ?? "";
    memory[name] = stringify(changed(parse(before), path));
    const { outcome, context } = await delivery.deploy();
    memory[name] = before;
    const what = `${name}: ${path.join(".")}`;
    // What is no plan any more is refused as one that cannot be read.
    if (outcome.status === "Failed") expect(outcome.refusal, what).toMatchObject({ code: "DigestMismatch" });
    else {
      expect(names(outcome), what).toEqual(["ReleaseDelayed"]);
      expect(outcome.emits[0]?.data.reasons, what).toContainEqual(
        expect.objectContaining({
          code: "DigestMismatch",
          message: expect.stringMatching(/(rollout|infrastructure) plan/),
        }),
      );
    }
    expect(context.announced, what).toEqual([]);
  }
  await expectNothingRuns();
});

test("every key of the policy is bound", () => {
  const policy = { ...environmentPolicySchema.parse({}), environment: "production", selfApproval: false };
  fc.assert(
    fc.property(fc.constantFrom(...leavesOf(policy)), (path) => {
      expect(policyDigest(changed(policy, path) as typeof policy)).not.toBe(policyDigest(policy));
    }),
  );
});

describe("a verdict that no people stand behind is not dispatched:", () => {
  test("nobody voted", async () => {
    const delivery = await approved();
    withoutVotes(delivery);
    await expectSentBack(delivery, "QuorumNotMet", "nobody has voted for it");
    await expectNothingRuns();
  });

  test("the vote was altered", async () => {
    const delivery = await approved();
    for (const event of delivery.events)
      if (event.name === "ApprovalGranted") event.data = { ...event.data, comment: "another comment" };
    await expectSentBack(delivery, "QuorumNotMet", "does not fit what it says");
    await expectNothingRuns();
  });

  test("the vote is another release's", async () => {
    const [first, second] = [await approved(), await approved()];
    const vote = first.events.find(({ name }) => name === "ApprovalGranted");
    withoutVotes(second);
    second.tell("ApprovalGranted", { ...vote?.data, releaseId: second.releaseId() });
    await expectSentBack(second, "QuorumNotMet", "does not fit what it says");
    await expectNothingRuns();
  });
});

test("what was approved, and not changed, is dispatched", async () => {
  expect(names((await (await approved()).deploy()).outcome)).toEqual(["DeploymentCompleted"]);
});

function withoutVotes({ events }: Delivery): void {
  for (let at = events.length - 1; at >= 0; at -= 1)
    if (events[at]?.name === "ApprovalGranted") events.splice(at, 1);
}

function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]));
}

/** The same with one leaf changed, to something of the same kind. */
function changed(value: unknown, path: string[]): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
  const last = path.at(-1) ?? "";
  const leaf = holder[last];
  holder[last] =
    typeof leaf === "number"
      ? leaf + 1
      : typeof leaf === "boolean"
        ? !leaf
        : leaf === null
          ? 1
          : `${String(leaf)}x`;
  return copy;
}

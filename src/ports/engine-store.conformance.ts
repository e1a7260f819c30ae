/** What every engine store keeps to; called by the test of each adapter. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  append,
  dayOne,
  decisionOf,
  fact,
  newDelivery,
  refusing,
  take,
  writing,
} from "../../test/support/store-steps.ts";
import type { DeliveryPhase } from "../domain/delivery/delivery-state.ts";
import { verifyChain } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { EngineStore, StepOutcome } from "./engine-store.ts";
import { jobsConformance, type StoreUnderTest } from "./engine-store-jobs.conformance.ts";

export function engineStoreConformance(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} as engine store`, () => {
    let subject: StoreUnderTest;
    let store: EngineStore;
    beforeAll(async () => {
      subject = await create();
      store = subject.store;
    });
    afterAll(() => subject.stop());

    describe("a step", () => {
      test("refuses a delivery that nobody made, and makes it where the request may", async () => {
        const delivery = newDelivery();
        const [first] = await take(store, [append(delivery, [fact("a")])]);
        expect(first).toMatchObject({ status: "refused", error: { refusal: { code: "NotFound" } } });
        expect(await store.load(delivery)).toBeUndefined();
        await take(store, [append(delivery, [fact("a")], { create: true })]);
        expect(await store.load(delivery)).toMatchObject({ subject: delivery, head: { sequence: 1 } });
      });

      test("holds one that may not make the delivery to that, also beside one that may", async () => {
        const delivery = newDelivery();
        const outcomes = await take(store, [
          append(delivery, [fact("early")]),
          append(delivery, [fact("first")], { create: true }),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(["refused", "done"]);
        expect((await store.events(delivery)).map(({ id }) => id)).toEqual(["first"]);
      });

      test("takes several requests of one delivery in their order, each on what the one before left", async () => {
        const delivery = newDelivery();
        const outcomes = await take(store, [
          append(delivery, [fact("a"), fact("b")], { create: true }),
          append(delivery, [fact("c")]),
          append(delivery, [fact("d")]),
        ]);
        expect(heads(outcomes)).toEqual([2, 3, 4]);
        const events = await store.events(delivery);
        expect(events.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
        expect(verifyChain(events)).toMatchObject({ intact: true, head: { sequence: 4 } });
        expect((await store.load(delivery))?.head).toEqual({ sequence: 4, hash: events.at(-1)?.hash });
      });

      test("names the known ids of an input, across steps and within a batch", async () => {
        const delivery = newDelivery();
        await take(store, [append(delivery, [fact("a")], { create: true })]);
        await take(store, [append(delivery, [fact("b")]), append(delivery, [fact("b"), fact("c")])]);
        await take(store, [append(delivery, [fact("a"), fact("c"), fact("d")])]);
        expect((await store.events(delivery)).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
      });

      test("knows ids by delivery: the same id is another fact elsewhere", async () => {
        const [one, other] = [newDelivery(), newDelivery()];
        await take(store, [append(one, [fact("same")], { create: true })]);
        await take(store, [append(other, [fact("same")], { create: true })]);
        expect(await store.events(other)).toHaveLength(1);
      });

      test("leaves nothing of a refused request, and lets the others of its batch be", async () => {
        const [good, bad, fresh] = [newDelivery(), newDelivery(), newDelivery()];
        await take(store, [append(bad, [fact("a")], { create: true })]);
        const outcomes = await take(store, [
          append(bad, [fact("b"), refusing]),
          append(good, [fact("a")], { create: true }),
          append(fresh, [refusing], { create: true }),
          append(bad, [fact("c")]),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(["refused", "done", "refused", "done"]);
        expect((await store.events(bad)).map(({ id }) => id)).toEqual(["a", "c"]);
        expect(await store.events(good)).toHaveLength(1);
        expect(await store.load(fresh)).toBeUndefined();
      });

      test("two writers at one time leave one gapless chain", async () => {
        const delivery = newDelivery();
        await take(store, [append(delivery, [fact("0")], { create: true })]);
        const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
        await Promise.all(ids.map((id) => take(store, [append(delivery, [fact(id)])])));
        const events = await store.events(delivery);
        expect(verifyChain(events)).toMatchObject({ intact: true, head: { sequence: 41 } });
        expect(new Set(events.map(({ id }) => id)).size).toBe(41);
      });

      test("many may make one delivery at one time, and one fact does", async () => {
        const delivery = newDelivery();
        const outcomes = await Promise.all(
          Array.from({ length: 10 }, () =>
            take(store, [append(delivery, [fact("hand-over")], { create: true })]),
          ),
        );
        expect(outcomes.flat().every(({ status }) => status === "done")).toBe(true);
        expect(await store.events(delivery)).toHaveLength(1);
      });
    });

    describe("what it tells", () => {
      test("events by sequence, by name, and as many as asked for", async () => {
        const delivery = newDelivery();
        const names: EventName[] = [
          "TestsGenerated",
          "ModuleGenerated",
          "TestsGenerated",
          "BlueprintValidated",
        ];
        const facts = names.map((name, index) => ({ ...fact(String(index)), name }));
        await take(store, [append(delivery, facts, { create: true })]);
        const sequences = async (query: Parameters<EngineStore["events"]>[1]) =>
          (await store.events(delivery, query)).map(({ sequence }) => sequence);
        expect(await sequences({})).toEqual([1, 2, 3, 4]);
        expect(await sequences({ after: 2 })).toEqual([3, 4]);
        expect(await sequences({ names: ["TestsGenerated"] })).toEqual([1, 3]);
        expect(await sequences({ names: ["TestsGenerated"], after: 1, limit: 1 })).toEqual([3]);
        expect(await sequences({ limit: 2 })).toEqual([1, 2]);
        expect(await store.events(newDelivery())).toEqual([]);
      });

      test("a record, and an event, as they were given", async () => {
        const delivery = newDelivery();
        const data = { text: 'quotes " \\ \n \u0000 ü 💡', list: [1, 1.5, null, { deep: true }] };
        const [outcome] = await take(store, [append(delivery, [fact("a", data)], { create: true })]);
        expect(await store.load(delivery)).toEqual(decisionOf(outcome).record);
        expect(await store.events(delivery)).toEqual(decisionOf(outcome).events);
        expect(verifyChain(await store.events(delivery))).toMatchObject({ intact: true });
      });

      test("a long artifact reads the same however often, and its next version at once", async () => {
        const delivery = newDelivery();
        const path = `memory/${delivery.traceId}/long`;
        const paths = [path];
        const read = async (tenantId = delivery.tenantId) =>
          (await store.newestArtifacts({ tenantId, paths })).get(path);
        const [one, two] = ["ü", "z"].map((letter) => letter.repeat(100_000)) as [string, string];
        await take(store, [append(delivery, [writing(path, 1, one)], { create: true })]);
        for (const _time of [1, 2, 3])
          expect(await read()).toEqual({ content: one, version: 1, sha256: "sha-1" });
        await take(store, [append(delivery, [writing(path, 2, two)])]);
        for (const _time of [1, 2])
          expect(await read()).toEqual({ content: two, version: 2, sha256: "sha-2" });
        expect(await read("other")).toBeUndefined();
      });

      test("artifacts by version, within their tenant", async () => {
        const delivery = newDelivery();
        const path = `memory/${delivery.traceId}/notes`;
        await take(store, [append(delivery, [writing(path, 1, "one")], { create: true })]);
        await take(store, [append(delivery, [writing(path, 2, "zwei ü"), writing(`${path}-b`, 1, "b")])]);
        const at = { tenantId: delivery.tenantId, path };
        expect(await store.artifact(at)).toEqual({ content: "zwei ü", version: 2, sha256: "sha-2" });
        expect(await store.artifact({ ...at, version: 1 })).toMatchObject({ content: "one" });
        expect(await store.artifact({ ...at, version: 3 })).toBeUndefined();
        expect(await store.artifact({ tenantId: "other", path })).toBeUndefined();
        const paths = [`${path}-b`, path, `${path}-none`];
        expect(await store.newestArtifacts({ tenantId: delivery.tenantId, paths })).toEqual(
          new Map([
            [path, { content: "zwei ü", version: 2, sha256: "sha-2" }],
            [`${path}-b`, { content: "b", version: 1, sha256: "sha-1" }],
          ]),
        );
        expect(await store.newestArtifacts({ tenantId: "other", paths })).toEqual(new Map());
        const list = async (query: Partial<Parameters<EngineStore["artifacts"]>[0]>) =>
          (await store.artifacts({ tenantId: delivery.tenantId, traceId: delivery.traceId, ...query })).map(
            (artifact) => [artifact.path, artifact.version, artifact.bytes],
          );
        expect(await list({})).toEqual([
          [path, 2, 7],
          [`${path}-b`, 1, 1],
        ]);
        expect(await list({ allVersions: true, moduleId: delivery.moduleId })).toHaveLength(3);
        expect(await list({ moduleId: "other" })).toEqual([]);
        expect(await list({ tenantId: "other" })).toEqual([]);
        expect(
          await store.artifacts({ tenantId: delivery.tenantId, traceId: delivery.traceId }),
        ).toContainEqual({
          path,
          version: 2,
          kind: "commits",
          name: "notes",
          sha256: "sha-2",
          writer: { agentId: "code-committer", skillId: "CommitModule", invocationId: "inv-1" },
          writtenAt: dayOne,
          bytes: 7,
        });
      });

      test("deliveries by tenant, module, trace, phase and active state, newest first", async () => {
        const { traceId: tenantId } = newDelivery();
        const [old, young] = [
          { ...newDelivery(), tenantId, moduleId: "m-1" },
          { ...newDelivery(), tenantId },
        ];
        const at = (value: string) => ({
          phase: "open" as const,
          instances: {
            delivery: {
              flow: { name: "f", digest: "d" },
              snapshot: { value, status: "active" as const },
              begun: 1,
              since: dayOne,
            },
          },
        });
        await take(store, [append(old, [fact("a", { patch: at("awaiting_approval") })], { create: true })]);
        await take(
          store,
          [append(young, [fact("a", { patch: at("awaitingXapproval") })], { create: true })],
          {
            now: "2025-05-24T10:00:00.000Z",
          },
        );
        const found = async (query: Parameters<EngineStore["list"]>[0]) =>
          (await store.list({ tenantId, ...query })).map((row) => row.subject.traceId);
        expect(await found({})).toEqual([young.traceId, old.traceId]);
        expect(await found({ limit: 1 })).toEqual([young.traceId]);
        expect(await found({ moduleId: "m-1" })).toEqual([old.traceId]);
        expect(await found({ traceId: young.traceId })).toEqual([young.traceId]);
        expect(await found({ state: "awaiting_approval" })).toEqual([old.traceId]);
        expect(await found({ state: "delivery" })).toEqual([]);
        expect(await found({ phase: "cancelled" })).toEqual([]);
        expect(await found({ phase: "open" })).toHaveLength(2);
        const newer = { ...old, traceId: "trace-newer" };
        await take(store, [append(newer, [fact("a")], { create: true })], {
          now: "2025-05-25T10:00:00.000Z",
        });
        expect(await found({ newestOfModule: true })).toEqual([newer.traceId, young.traceId]);
        expect(await store.list({ tenantId, traceId: old.traceId })).toEqual([
          {
            subject: old,
            phase: "open",
            active: { delivery: ["awaiting_approval"] },
            sequence: 1,
            createdAt: dayOne,
            updatedAt: dayOne,
          },
        ]);
      });

      test("deliveries of modules that depend on others, while they are open", async () => {
        const [alone, free, dependent, over] = [newDelivery(), newDelivery(), newDelivery(), newDelivery()];
        const handed = (dependsOn?: string[]) =>
          ({ module: { moduleId: "booking-service", dependsOn }, host: 'says "dependsOn":["x"]' }) as never;
        const begin = (delivery: Subject, handOver: never, phase: DeliveryPhase) =>
          take(store, [append(delivery, [fact("a", { handOver, patch: { phase } })], { create: true })]);
        await begin(alone, handed(), "open");
        await begin(free, handed([]), "open");
        await begin(dependent, handed(["owners"]), "open");
        await begin(over, handed(["owners"]), "cancelled");
        const found = await store.list({ dependent: true, limit: 1_000 });
        expect(found.map(({ subject: one }) => one)).toEqual([dependent]);
      });

      test("the delivery that proposed a release, within its tenant", async () => {
        const delivery = newDelivery();
        const proposal = {
          ...fact("p", { releaseId: "release-000777", version: "1" }),
          name: "ReleaseProposed" as const,
        };
        await take(store, [append(delivery, [proposal], { create: true })]);
        expect(await store.findByRelease(delivery.tenantId, "release-000777")).toEqual(delivery);
        expect(await store.findByRelease("other", "release-000777")).toBeUndefined();
        expect(await store.findByRelease(delivery.tenantId, "release-000778")).toBeUndefined();
      });

      test("numbers of a tenant's day, none of them twice", async () => {
        const numbers = await Promise.all(
          Array.from({ length: 20 }, () => store.nextTraceNumber("numbered", "2025-05-23")),
        );
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
        expect(await store.nextTraceNumber("numbered", "2025-05-24")).toBe(1);
        expect(await store.nextTraceNumber("other", "2025-05-23")).toBe(1);
      });

      test("a flow by its digest, as it was when it was saved first", async () => {
        await store.saveFlow({ digest: "sha256:f", name: "delivery", text: "states: {}" });
        await store.saveFlow({ digest: "sha256:f", name: "delivery", text: "states: {}" });
        expect(await store.loadFlow("sha256:f")).toEqual({ name: "delivery", text: "states: {}" });
        expect(await store.loadFlow("sha256:none")).toBeUndefined();
      });

      test("what was committed, to those who subscribed and as long as they do", async () => {
        const delivery = newDelivery();
        const told: string[] = [];
        const notice = new Promise<void>((resolve) => {
          const end = store.subscribe((about) => {
            if (about.kind !== "delivery" || about.subject !== subjectKey(delivery)) return;
            told.push(`${about.sequence}`);
            end();
            resolve();
          });
        });
        await take(store, [append(delivery, [fact("a"), fact("b")], { create: true })]);
        await notice;
        await take(store, [append(delivery, [fact("c")])]);
        expect(told).toEqual(["2"]);
      });
    });

    jobsConformance(() => subject);
  });
}

function heads(outcomes: StepOutcome[]): number[] {
  return outcomes.map((outcome) => decisionOf(outcome).record.head.sequence);
}

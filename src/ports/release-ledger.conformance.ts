/** What every release ledger promises (src/ports/release-ledger.ts). */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerEntry, ReleaseLedger } from "./release-ledger.ts";
import { quickProbes } from "./target.conformance.ts";

export interface ReleaseLedgerSubject {
  ledger: ReleaseLedger;
  dispose(): Promise<void>;
}

const place = { tenantId: "acme", environment: "production", moduleId: "shop" };

export function releaseLedgerConformance(name: string, create: () => Promise<ReleaseLedgerSubject>): void {
  describe(`${name} as a release ledger`, () => {
    let subject: ReleaseLedgerSubject;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.dispose());

    test("releases are numbered without gaps per tenant, however many ask at once", async () => {
      const tenantId = "crowd";
      const asking = Array.from({ length: 20 }, (_, i) =>
        subject.ledger.allocate({
          ...place,
          tenantId,
          version: "1.0.0",
          invocationId: `i-${Math.floor(i / 2)}`,
        }),
      );
      const numbers = await Promise.all(asking);
      for (let i = 0; i < 20; i += 2) expect(numbers[i]).toBe(numbers[i + 1]);
      const expected = Array.from({ length: 10 }, (_, i) => `release-${String(i + 1).padStart(6, "0")}`);
      expect([...new Set(numbers)].sort()).toEqual(expected);
    });

    test("the same invocation gets its number again, and another tenant begins at one", async () => {
      const request = { ...place, tenantId: "solo", version: "1.0.0", invocationId: "i-1" };
      expect(await subject.ledger.allocate(request)).toBe("release-000001");
      expect(await subject.ledger.allocate({ ...request, invocationId: "i-2" })).toBe("release-000002");
      expect(await subject.ledger.allocate(request)).toBe("release-000001");
      expect(await subject.ledger.allocate({ ...request, tenantId: "duo" })).toBe("release-000001");
    });

    test("facts come back whole, in order, and a repeated one is there once", async () => {
      const at = { ...place, moduleId: "facts" };
      const one = entry({ ...at, releaseId: "release-000001" });
      const two = entry({ ...at, releaseId: "release-000002", outcome: "Failed" });
      for (const fact of [one, two, one]) await subject.ledger.record(fact);
      expect(await subject.ledger.history(at)).toEqual([one, two]);
      expect(await subject.ledger.current(at)).toEqual(one);
      expect(await subject.ledger.lastKnownGood(at, "release-000002")).toEqual(one);
    });

    test("a release is found by where it runs, and every place that has facts is listed once", async () => {
      const at = { ...place, moduleId: "found" };
      const one = entry({ ...at, releaseId: "release-000001" });
      const foreign = entry({ ...at, tenantId: "other", releaseId: "release-000001" });
      const elsewhere = { ...foreign, spec: { ...foreign.spec, namespace: "other-production" } };
      for (const fact of [one, elsewhere, { ...one, outcome: "RolledBack" as const }])
        await subject.ledger.record(fact);
      const { namespace, moduleId, releaseId } = one.spec;
      expect(await subject.ledger.findRunning({ namespace, moduleId, releaseId })).toMatchObject({
        tenantId: "acme",
      });
      expect(
        await subject.ledger.findRunning({ namespace: "other-production", moduleId, releaseId }),
      ).toMatchObject({ tenantId: "other" });
      expect(await subject.ledger.findRunning({ namespace: "third", moduleId, releaseId })).toBeUndefined();
      const found = (await subject.ledger.places()).filter((one) => one.moduleId === "found");
      expect(found).toEqual([at, { ...at, tenantId: "other" }]);
    });

    test("the lease that stands is told to whoever asks", async () => {
      const at = { ...place, moduleId: "leased" };
      const holder = { releaseId: "release-000001", traceId: "trace-1", invocationId: "i-1" };
      expect(await subject.ledger.leaseOf(at)).toBeUndefined();
      await subject.ledger.reserve(at, holder, { ttlMs: 60_000 });
      expect(await subject.ledger.leaseOf(at)).toMatchObject(holder);
      await subject.ledger.release(at, "i-1");
      expect(await subject.ledger.leaseOf(at)).toBeUndefined();
    });

    test("a release that is restored a second time, by another invocation, serves again", async () => {
      const at = { ...place, moduleId: "restored" };
      const steps = [
        ["release-000001", "Deployed", "i-1"],
        ["release-000002", "Deployed", "i-2"],
        ["release-000002", "RolledBack", "i-3"],
        ["release-000001", "Restored", "i-3"],
        ["release-000003", "Deployed", "i-4"],
        ["release-000003", "RolledBack", "i-5"],
        ["release-000001", "Restored", "i-5"],
      ] as const;
      for (const [releaseId, outcome, invocationId] of steps) {
        await subject.ledger.record(entry({ ...at, releaseId, outcome, invocationId }));
      }
      expect(await subject.ledger.current(at)).toMatchObject({
        releaseId: "release-000001",
        invocationId: "i-5",
      });
    });

    test("what serves at many places at once is what each place says of itself, whatever happened there", async () => {
      const outcomes = ["Deployed", "Restored", "Failed", "RolledBack", "Revoked", "Destroyed"] as const;
      const histories = fc.sample(
        fc.array(fc.tuple(fc.constantFrom(...outcomes), fc.integer({ min: 1, max: 4 })), { maxLength: 8 }),
        { numRuns: 30, seed: 731 },
      );
      const moduleIds = histories.map((_, index) => `many-${index}`);
      const environments = ["production"];
      for (const [index, history] of histories.entries())
        for (const [step, [outcome, release]] of history.entries()) {
          const at = { ...place, moduleId: `many-${index}`, releaseId: `release-00000${release}` };
          await subject.ledger.record(entry({ ...at, outcome, invocationId: `many-${index}-${step}` }));
        }
      const serving = await subject.ledger.serving({ tenantId: "acme", environments, moduleIds });
      for (const moduleId of moduleIds) {
        const at = { ...place, moduleId };
        const found = serving.find(({ current }) => current.moduleId === moduleId);
        const current = await subject.ledger.current(at);
        expect(found?.current).toEqual(current);
        const before = current && (await subject.ledger.lastKnownGood(at, current.releaseId));
        expect(found?.previous).toEqual(before);
      }
      const other = { tenantId: "evil", environments, moduleIds };
      expect(await subject.ledger.serving(other)).toEqual([]);
    });

    test("nothing is seen from another tenant, environment or module", async () => {
      const at = { ...place, moduleId: "mine" };
      await subject.ledger.record(entry({ ...at, releaseId: "release-000001" }));
      for (const other of [{ tenantId: "evil" }, { environment: "staging" }, { moduleId: "yours" }]) {
        expect(await subject.ledger.history({ ...at, ...other })).toEqual([]);
        expect(await subject.ledger.current({ ...at, ...other })).toBeUndefined();
      }
    });

    test("tasks of one place follow each other, tasks of different places run beside each other", async () => {
      const { signal } = new AbortController();
      const told: string[] = [];
      const other = { ...place, moduleId: "beside" };
      const held = Promise.withResolvers<void>();
      const first = subject.ledger.inTurn(place, signal, async () => {
        told.push("first begins");
        await held.promise;
        told.push("first ends");
      });
      const second = subject.ledger.inTurn(place, signal, async () => told.push("second"));
      await subject.ledger.inTurn(other, signal, async () => told.push("beside"));
      expect(told).toEqual(["first begins", "beside"]);
      held.resolve();
      await Promise.all([first, second]);
      expect(told).toEqual(["first begins", "beside", "first ends", "second"]);
    });

    test("a task that fails gives its turn on, and one that is aborted while it waits never runs", async () => {
      const { signal } = new AbortController();
      const failing = subject.ledger.inTurn(place, signal, async () => {
        throw new Error("no luck");
      });
      await expect(failing).rejects.toThrow("no luck");
      const abort = new AbortController();
      const ran: string[] = [];
      await subject.ledger.inTurn(place, signal, async () => {
        const waiting = subject.ledger.inTurn(place, abort.signal, async () => ran.push("waiting"));
        abort.abort(new Error("cancelled"));
        await expect(waiting).rejects.toThrow("cancelled");
      });
      await subject.ledger.inTurn(place, signal, async () => ran.push("next"));
      expect(ran).toEqual(["next"]);
    });

    test("a place is leased to one release at a time, until it is given back or expires", async () => {
      const at = { ...place, moduleId: "leased" };
      const one = { releaseId: "release-000001", traceId: "trace-1", invocationId: "i-1" };
      const two = { releaseId: "release-000002", traceId: "trace-2", invocationId: "i-2" };
      expect(await subject.ledger.reserve(at, one, { ttlMs: 60_000 })).toMatchObject(one);
      expect(await subject.ledger.reserve(at, two, { ttlMs: 60_000 })).toMatchObject(one);
      expect(await subject.ledger.renew(at, "i-2", 60_000)).toBe(false);
      await subject.ledger.release(at, "i-2");
      expect(await subject.ledger.renew(at, "i-1", 1)).toBe(true);
      const taken = async () => (await subject.ledger.reserve(at, two, { ttlMs: 60_000 })).releaseId;
      await expect.poll(taken).toBe("release-000002");
      expect(await subject.ledger.renew(at, "i-1", 60_000)).toBe(false);
      await subject.ledger.release(at, "i-2");
      expect(await subject.ledger.reserve(at, one, { ttlMs: 60_000 })).toMatchObject(one);
    });

    test("another invocation of the same release takes its lease, and whoever must takes any", async () => {
      const at = { ...place, moduleId: "taken" };
      const rollout = { releaseId: "release-000001", traceId: "trace-1", invocationId: "i-1" };
      const rollback = { ...rollout, invocationId: "i-2" };
      const other = { releaseId: "release-000002", traceId: "trace-2", invocationId: "i-3" };
      await subject.ledger.reserve(at, rollout, { ttlMs: 60_000 });
      expect(await subject.ledger.reserve(at, rollback, { ttlMs: 60_000 })).toMatchObject(rollback);
      expect(await subject.ledger.renew(at, "i-1", 60_000)).toBe(false);
      const lease = await subject.ledger.reserve(at, other, { ttlMs: 60_000, takeOver: true });
      expect(lease).toMatchObject(other);
      expect(Date.parse(lease.expiresAt)).toBeGreaterThan(Date.now());
    });

    test("of many that ask for a place at once one gets it", async () => {
      const at = { ...place, moduleId: "wanted" };
      const asking = Array.from({ length: 10 }, (_, i) => ({
        releaseId: `release-00000${i}`,
        traceId: `trace-${i}`,
        invocationId: `i-${i}`,
      }));
      const leases = await Promise.all(
        asking.map((holder) => subject.ledger.reserve(at, holder, { ttlMs: 60_000 })),
      );
      expect(new Set(leases.map(({ invocationId }) => invocationId)).size).toBe(1);
    });

    test("what an invocation dispatched first stays, and the newest of a release is found", async () => {
      const at = { ...place, moduleId: "dispatched" };
      const { spec } = entry({ ...at, releaseId: "release-000001" });
      const again = { ...spec, configuration: { LOG_LEVEL: "info" } };
      const of = { releaseId: "release-000001" };
      expect(await subject.ledger.dispatched(at, of)).toBeUndefined();
      expect(await subject.ledger.dispatch(at, { invocationId: "d-1", spec })).toEqual(spec);
      expect(await subject.ledger.dispatch(at, { invocationId: "d-1", spec: again })).toEqual(spec);
      await subject.ledger.dispatch(at, { invocationId: "d-2", spec: again });
      expect(await subject.ledger.dispatched(at, of)).toEqual(again);
      expect(await subject.ledger.dispatched(at, { ...of, invocationId: "d-1" })).toEqual(spec);
      expect(await subject.ledger.dispatched({ ...at, tenantId: "evil" }, of)).toBeUndefined();
    });

    test("a release's migrations are known, each with what became of it last", async () => {
      const at = { ...place, moduleId: "migrated" };
      const before = {
        releaseId: "release-000041",
        phase: "before" as const,
        invocationId: "i-1",
        run: ["npm", "run", "expand"],
        undo: ["npm", "run", "shrink"],
        state: "Started" as const,
        exitCode: null,
        output: "",
        at: "2025-05-23T10:00:00.000Z",
      };
      const after = { ...before, phase: "after" as const };
      for (const record of [after, before, { ...before, state: "Completed" as const, exitCode: 0 }])
        await subject.ledger.recordMigration(at, record);
      expect(await subject.ledger.migrations(at, "release-000041")).toEqual([
        { ...before, state: "Completed", exitCode: 0 },
        after,
      ]);
      expect(await subject.ledger.migrations(at, "release-000042")).toEqual([]);
    });

    test("a held version is held in its place only, with the reason", async () => {
      const at = { ...place, moduleId: "held" };
      const hold = {
        version: "1.3.9",
        releaseId: "release-000007",
        reason: "readiness probe failed",
        at: "2025-05-23T10:00:00.000Z",
      };
      await subject.ledger.hold(at, hold);
      await subject.ledger.hold(at, { ...hold, reason: "said again" });
      const places = { tenantId: at.tenantId, environments: [at.environment], moduleIds: [at.moduleId] };
      expect(await subject.ledger.holds(places)).toEqual([{ ...at, ...hold }]);
      expect(await subject.ledger.holds({ ...places, tenantId: "evil" })).toEqual([]);
      expect(await subject.ledger.isHeld(at, "1.3.9")).toEqual(hold);
      expect(await subject.ledger.isHeld(at, "1.3.8")).toBeUndefined();
      expect(await subject.ledger.isHeld({ ...at, environment: "staging" }, "1.3.9")).toBeUndefined();
    });

    test("a held version that was deployed after all, and stayed, is held no more", async () => {
      const at = { ...place, moduleId: "held-once" };
      const bad = entry({ ...at, releaseId: "release-000010", outcome: "RolledBack" });
      const { version, releaseId } = bad;
      await subject.ledger.record(bad);
      await subject.ledger.hold(at, { version, releaseId, reason: "slow", at: "2025-05-23T10:00:00.000Z" });
      expect(await subject.ledger.isHeld(at, version)).toBeDefined();
      const later = "2025-05-23T11:00:00.000Z";
      await subject.ledger.record(
        entry({ ...at, releaseId: "release-000011", outcome: "Deployed", at: later }),
      );
      expect(await subject.ledger.isHeld(at, version)).toBeUndefined();
      const again = { version, releaseId: "release-000011", reason: "slow", at: "2025-05-23T12:00:00.000Z" };
      await subject.ledger.hold(at, again);
      expect(await subject.ledger.isHeld(at, version)).toMatchObject(again);
    });

    test("the bytes of a held version are held under any other", async () => {
      const at = { ...place, moduleId: "held-bytes" };
      const bad = entry({ ...at, releaseId: "release-000008", outcome: "RolledBack" });
      await subject.ledger.record(bad);
      const { version, releaseId } = bad;
      await subject.ledger.hold(at, { version, releaseId, reason: "crashed", at: bad.at });
      expect(await subject.ledger.isHeld(at, "7.7.7", bad.artifact)).toMatchObject({ version, releaseId });
      expect(await subject.ledger.isHeld(at, "7.7.7", `sha256:${"9".repeat(64)}`)).toBeUndefined();
    });
  });
}

function entry(more: Partial<LedgerEntry> & { moduleId: string; releaseId: string }): LedgerEntry {
  const artifact = `sha256:${"a".repeat(64)}`;
  return {
    ...place,
    traceId: "trace-1",
    version: "1.0.0",
    artifact,
    outcome: "Deployed",
    reasons: [],
    at: "2025-05-23T10:00:00.000Z",
    invocationId: "i-1",
    spec: {
      namespace: "acme-production",
      moduleId: more.moduleId,
      releaseId: more.releaseId,
      version: "1.0.0",
      artifact,
      start: ["node", "server.js"],
      portVariable: "PORT",
      probes: quickProbes("/"),
      hosts: [],
      configuration: { LOG_LEVEL: "info" },
      secrets: [{ name: "API_KEY", versionId: "v1" }],
      startupTimeoutMs: 1_000,
    },
    ...more,
  };
}

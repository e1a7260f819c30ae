/** Instances, weights and what is measured under traffic: the part of the suite for what a rollout does. */
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import type { TrafficLimits } from "../domain/rollout/traffic.ts";
import type { ReleaseSpec } from "./target.ts";
import { forever, hostOf, namespace, serve, start, type TargetSubject, watch } from "./target-samples.ts";

interface Current {
  subject: TargetSubject;
  spec(more: Partial<ReleaseSpec>): ReleaseSpec;
}

export function instancesConformance(current: () => Current): void {
  const ask = async (
    moduleId: string,
    path: string,
    times: number,
  ): Promise<{ status: number; body: string }[]> => {
    const answers = [];
    for (let sent = 0; sent < times; sent += 10) {
      const batch = Array.from({ length: Math.min(10, times - sent) }, () =>
        current().subject.request(hostOf(moduleId), path),
      );
      answers.push(...(await Promise.all(batch)));
    }
    return answers;
  };
  const count = (answers: { body: string }[], body: string) =>
    answers.filter((answer) => answer.body === body).length;

  describe("with instances", () => {
    test("a release has as many as were asked for, and each gets requests", async () => {
      const { subject, spec } = current();
      const serving = await serve(subject.target, spec({ moduleId: "three", replicas: 3 }));
      expect(serving.instances?.map(({ index, state }) => [index, state])).toEqual([
        [0, "ready"],
        [1, "ready"],
        [2, "ready"],
      ]);
      expect(new Set(serving.instances?.map(({ port }) => port)).size).toBe(3);
      expect(new Set((await ask("three", "/which", 60)).map(({ body }) => body)).size).toBe(3);
    });

    test("they come and go by scaling, and no request fails meanwhile", async () => {
      const { subject, spec } = current();
      const named = { namespace, moduleId: "elastic", releaseId: "release-000001" };
      await serve(subject.target, spec({ moduleId: "elastic" }));
      const done = new AbortController();
      const failures = load(() => subject.request(hostOf("elastic"), "/"), done.signal);
      const grown = await subject.target.scale(named, 3, watch());
      expect(grown.instances?.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
      const shrunk = await subject.target.scale(named, 1, watch());
      expect(shrunk.instances).toHaveLength(1);
      done.abort();
      expect(await failures).toEqual([]);
    });

    test("a release without instances stays known, and comes back", async () => {
      const { subject, spec } = current();
      const named = { namespace, moduleId: "asleep", releaseId: "release-000001" };
      await serve(subject.target, spec({ moduleId: "asleep" }));
      expect((await subject.target.scale(named, 0, watch())).state).toBe("stopped");
      expect((await subject.request(hostOf("asleep"), "/")).status).toBe(503);
      expect((await subject.target.scale(named, 1, watch())).state).toBe("serving");
      expect((await subject.request(hostOf("asleep"), "/")).status).toBe(200);
    });

    test("one that crashes is taken out of traffic alone, and comes back", async () => {
      const { subject, spec } = current();
      await serve(subject.target, spec({ moduleId: "pair", replicas: 2 }));
      const first = async () => {
        const [release] = await subject.target.list({ namespace, moduleId: "pair" });
        expect(release?.state).toBe("serving");
        return release?.instances?.[0];
      };
      // Sent again by the router when the connection breaks, so that nobody sees the crash.
      while ((await first())?.restartCount === 0)
        expect((await subject.request(hostOf("pair"), "/crash-first")).status).toBe(200);
      expect((await ask("pair", "/", 20)).map(({ status }) => status)).toEqual(Array(20).fill(200));
      const states = async () =>
        (await subject.target.list({ namespace, moduleId: "pair" }))[0]?.instances?.map(({ state }) => state);
      await expect.poll(states).toEqual(["ready", "ready"]);
    });

    test("a release with a port of its own runs once, and another waits until it is retired", async () => {
      const { subject, spec } = current();
      const fixedPort = await unusedPort();
      const first = spec({
        moduleId: "stuck",
        releaseId: "release-000001",
        fixedPort,
        environment: { PORT: String(fixedPort) },
      });
      await serve(subject.target, first);
      const next = { ...first, releaseId: "release-000002" };
      await expect(start(subject.target, next)).rejects.toThrow(
        new RegExp(`Conflict.*${fixedPort}.*release-000001`),
      );
      await expect(start(subject.target, { ...first, moduleId: "many", replicas: 2 })).rejects.toThrow(
        /Conflict/,
      );
      expect((await subject.request(hostOf("stuck"), "/")).status).toBe(200);
      await subject.target.retire(first);
      expect((await serve(subject.target, next)).port).toBe(fixedPort);
    });
  });

  describe("with weights", () => {
    test("traffic is shared out as it was asked for, and measured by release", async () => {
      const { subject, spec } = current();
      const place = { namespace, moduleId: "canary" };
      const release = (releaseId: string, greeting: string) =>
        spec({ moduleId: "canary", releaseId, environment: { GREETING: greeting } });
      await serve(subject.target, release("release-000001", "old"));
      await start(subject.target, release("release-000002", "new"));
      const shares = [
        { releaseId: "release-000001", weight: 80 },
        { releaseId: "release-000002", weight: 20 },
      ];
      const routed = await subject.target.route(place, shares);
      expect(routed.map(({ releaseId, weight, state }) => ({ releaseId, weight, state }))).toEqual(
        shares.map((share) => ({ ...share, state: "serving" })),
      );
      const answers = await ask("canary", "/", 400);
      expect(count(answers, "old") + count(answers, "new")).toBe(400);
      expect(count(answers, "new")).toBeGreaterThan(40);
      expect(count(answers, "new")).toBeLessThan(130);
      const measured = (await subject.target.list(place)).map((one) => one.measured?.requests);
      expect(measured).toEqual([count(answers, "old"), count(answers, "new")]);
      await subject.target.retire({ ...place, releaseId: "release-000001" });
      expect(count(await ask("canary", "/", 20), "new")).toBe(20);
      expect((await subject.target.list(place))[0]).toMatchObject({
        releaseId: "release-000002",
        weight: 100,
      });
    });

    test("what stands by has no traffic, and answers as soon as nothing else is there to answer", async () => {
      const { subject, spec } = current();
      const place = { namespace, moduleId: "guarded" };
      const release = (releaseId: string, greeting: string) =>
        spec({ moduleId: "guarded", releaseId, environment: { GREETING: greeting } });
      await serve(subject.target, release("release-000001", "old"));
      await start(subject.target, release("release-000002", "new"));
      const shares = [
        { releaseId: "release-000002", weight: 100 },
        { releaseId: "release-000001", weight: 0 },
      ];
      const routed = await subject.target.route(place, shares);
      expect(routed).toHaveLength(1);
      expect(count(await ask("guarded", "/", 20), "new")).toBe(20);
      process.kill(routed[0]?.pid ?? 0, "SIGKILL");
      const answers = await ask("guarded", "/", 20);
      expect(count(answers, "old") + count(answers, "new")).toBe(20);
      expect(count(answers, "old")).toBeGreaterThan(0);
    });

    test("weights that do not add up are refused, and no shares leave the module without traffic", async () => {
      const { subject, spec } = current();
      const place = { namespace, moduleId: "uneven" };
      await serve(subject.target, spec({ moduleId: "uneven" }));
      await expect(
        subject.target.route(place, [{ releaseId: "release-000001", weight: 60 }]),
      ).rejects.toThrow(/add up to 100/);
      expect((await subject.request(hostOf("uneven"), "/")).status).toBe(200);
      expect(await subject.target.route(place, [])).toEqual([]);
      expect((await subject.request(hostOf("uneven"), "/")).status).toBe(503);
      expect((await subject.target.list(place))[0]).toMatchObject({ state: "ready", traffic: false });
    });
  });

  describe("under verification", () => {
    const judge = async (moduleId: string, limits: TrafficLimits, path: string) => {
      const { subject, spec } = current();
      await serve(subject.target, spec({ moduleId }));
      const named = { namespace, moduleId, releaseId: "release-000001" };
      const verdict = subject.target.verify(named, { windowMs: 30_000, limits }, forever());
      const done = new AbortController();
      void load(() => subject.request(hostOf(moduleId), path), done.signal);
      const verified = await verdict;
      done.abort();
      return verified;
    };

    test("a release that answers its probes and fails its requests is told", async () => {
      const verified = await judge("liar", { maxErrorRate: 0.1, minRequests: 10 }, "/fail");
      expect(verified.state).toBe("failed");
      expect(verified.reason).toMatch(/^100 % of \d+ requests failed, at most 10 % may$/);
    });

    test("a release that has become slow is told", async () => {
      const verified = await judge("slow", { maxErrorRate: 1, maxP99Ms: 50, minRequests: 5 }, "/slow");
      expect(verified.state).toBe("failed");
      expect(verified.reason).toMatch(/p99 latency is \d+ ms/);
    });
  });
}

/** Asks until the signal is aborted, one request after the other; resolves with what failed. */
async function load(send: () => Promise<{ status: number }>, signal: AbortSignal): Promise<string[]> {
  const failures: string[] = [];
  while (!signal.aborted) {
    const outcome = await send().then(
      ({ status }) => (status === 200 ? undefined : `HTTP ${status}`),
      (error: Error) => error.message,
    );
    if (outcome !== undefined) failures.push(outcome);
  }
  return failures;
}

function unusedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

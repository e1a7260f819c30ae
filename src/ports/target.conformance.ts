/** What every target promises (src/ports/target.ts), tried with real releases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReleaseSpec } from "./target.ts";
import { instancesConformance } from "./target-instances.conformance.ts";
import { operationsConformance } from "./target-operations.conformance.ts";
import {
  echoServer,
  forever,
  hostOf,
  namespace,
  serve,
  specWith,
  start,
  type TargetSubject,
} from "./target-samples.ts";

export { echoServer, hostOf, quickProbes, releaseSpec } from "./target-samples.ts";

export function targetConformance(name: string, create: () => Promise<TargetSubject>): void {
  describe(`${name} as a target`, () => {
    let subject: TargetSubject;
    let spec: (more: Partial<ReleaseSpec>) => ReleaseSpec;
    beforeAll(async () => {
      subject = await create();
      const artifact = await subject.artifact({ "server.js": echoServer });
      spec = specWith(subject, artifact);
    });
    afterAll(() => subject.dispose());
    const current = () => ({ subject, spec });
    instancesConformance(current);
    operationsConformance(current);

    test("a started release is ready, measured, and has no traffic yet", async () => {
      const lines: string[] = [];
      const release = await start(
        subject.target,
        spec({ moduleId: "first", releaseId: "release-000001" }),
        lines,
      );
      expect(release).toMatchObject({ state: "ready", restartCount: 0, version: "1.0.0" });
      expect(release.startupTimeMs).toBeGreaterThan(0);
      expect(release.healthStatus.find((status) => status.probe === "readiness")).toMatchObject({
        healthy: true,
        last: "HTTP 200",
      });
      expect(lines).not.toEqual([]);
      expect((await subject.request(hostOf("first"), "/")).status).toBe(503);
      expect((await subject.request(hostOf("nobodys"), "/")).status).toBe(404);
    });

    test("starting the same release again finds it running", async () => {
      const wanted = spec({ moduleId: "twice", releaseId: "release-000002" });
      const [one, two] = await Promise.all([start(subject.target, wanted), start(subject.target, wanted)]);
      const three = await start(subject.target, wanted);
      expect(new Set([one.pid, two.pid, three.pid]).size).toBe(1);
      expect(three.startedAt).toBe(one.startedAt);
    });

    test("traffic moves to a ready release, and moving it again changes nothing", async () => {
      const wanted = spec({
        moduleId: "moved",
        releaseId: "release-000003",
        environment: { GREETING: "moved" },
      });
      await start(subject.target, wanted);
      const [serving] = await subject.target.route({ namespace, moduleId: "moved" }, [
        { releaseId: "release-000003", weight: 100 },
      ]);
      expect(serving?.state).toBe("serving");
      expect(serving?.url).toContain("moved.acme-staging.localhost");
      expect(await subject.request(hostOf("moved"), "/")).toEqual({ status: 200, body: "moved" });
      expect(
        (
          await subject.target.route({ namespace, moduleId: "moved" }, [
            { releaseId: "release-000003", weight: 100 },
          ])
        )[0]?.pid,
      ).toBe(serving?.pid);
    });

    test("environment variables reach the process", async () => {
      const environment = { GREETING: "välkommen 'quoted' $HOME\nline" };
      await start(subject.target, spec({ moduleId: "told", releaseId: "release-000004", environment }));
      await subject.target.route({ namespace, moduleId: "told" }, [
        { releaseId: "release-000004", weight: 100 },
      ]);
      expect((await subject.request(hostOf("told"), "/")).body).toBe(environment.GREETING);
    });

    test("a release that fails to start says why and leaves what served before serving", async () => {
      const moduleId = "kept";
      await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000005", environment: { GREETING: "old" } }),
      );
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000005", weight: 100 }]);
      const broken = await subject.artifact({ "server.js": "console.log('no luck'); process.exit(3);" });
      const failed = await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000006", artifact: broken }),
      );
      expect(failed.state).toBe("failed");
      expect(failed.exit?.code).toBe(3);
      expect(failed.reason).toContain("exit code 3");
      expect(failed.logTail).toContain("no luck");
      expect((await subject.request(hostOf(moduleId), "/")).body).toBe("old");
      await expect(
        subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000006", weight: 100 }]),
      ).rejects.toThrow(/Conflict/);
    });

    test("a release that is never ready fails within its startup time", async () => {
      const moduleId = "never";
      const deaf = await subject.artifact({ "server.js": deafServer });
      const failed = await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000007", artifact: deaf, startupTimeoutMs: 700 }),
      );
      expect(failed.state).toBe("failed");
      expect(failed.reason).toContain("HTTP 503");
      expect(failed.pid).toBeUndefined();
    });

    test("the release before runs on after a switch, can take the traffic back, and ends when it is retired", async () => {
      const moduleId = "both";
      await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000008", environment: { GREETING: "old" } }),
      );
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000008", weight: 100 }]);
      await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000009", environment: { GREETING: "new" } }),
      );
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000009", weight: 100 }]);
      expect((await subject.request(hostOf(moduleId), "/")).body).toBe("new");
      expect(
        (await subject.target.list({ namespace, moduleId })).map(({ releaseId, state }) => [
          releaseId,
          state,
        ]),
      ).toEqual([
        ["release-000009", "serving"],
        ["release-000008", "ready"],
      ]);
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000008", weight: 100 }]);
      expect((await subject.request(hostOf(moduleId), "/")).body).toBe("old");
      await subject.target.retire({ namespace, moduleId, releaseId: "release-000009" });
      await subject.target.retire({ namespace, moduleId, releaseId: "release-000009" });
      const retired = (await subject.target.list({ namespace, moduleId })).find(
        ({ releaseId }) => releaseId === "release-000009",
      );
      expect(retired?.state).toBe("stopped");
    });

    test("a module that is replaced or taken back is not available, under every name that it has", async () => {
      const place = { namespace, moduleId: "replaced" };
      const hosts = ["replaced.example"];
      const statuses = async () =>
        await Promise.all(
          [hostOf("replaced"), ...hosts].map(async (host) => (await subject.request(host, "/")).status),
        );
      const first = spec({ moduleId: "replaced", releaseId: "release-000014", hosts });
      const second = spec({ moduleId: "replaced", releaseId: "release-000015", hosts });
      await serve(subject.target, first);
      expect(await statuses()).toEqual([200, 200]);
      await subject.target.retire(first);
      expect(await statuses()).toEqual([503, 503]);
      const starting = start(subject.target, second);
      expect(await statuses()).toEqual([503, 503]);
      await starting;
      expect(await statuses()).toEqual([503, 503]);
      await serve(subject.target, second);
      expect(await statuses()).toEqual([200, 200]);
      await subject.target.retire(second);
      expect(await statuses()).toEqual([503, 503]);
      await subject.target.dismantle(place);
      expect(await statuses()).toEqual([404, 404]);
    });

    test("a host name is free for others once nothing of its module is to run, and not while it is replaced", async () => {
      const release = (moduleId: string, more: Partial<ReleaseSpec> = {}) =>
        spec({ moduleId, hosts: ["shared-by-turns.example"], environment: { GREETING: moduleId }, ...more });
      const asked = async () => (await subject.request("shared-by-turns.example", "/")).body;
      await serve(subject.target, release("earlier"));
      await start(subject.target, release("earlier", { releaseId: "release-000002" }));
      await subject.target.retire(release("earlier"));
      await expect(serve(subject.target, release("later"))).rejects.toThrow(/belongs to another module/);
      await subject.target.retire(release("earlier", { releaseId: "release-000002" }));
      await serve(subject.target, release("later"));
      expect(await asked()).toBe("later");
      await expect(serve(subject.target, release("earlier"))).rejects.toThrow(/belongs to another module/);
      expect(await asked()).toBe("later");
      expect((await subject.request(hostOf("earlier"), "/")).status).toBe(503);
    });

    test("retiring a release that nobody knows is nothing to do", async () => {
      await subject.target.retire({ namespace, moduleId: "nobody", releaseId: "release-000001" });
      expect(await subject.target.list({ namespace, moduleId: "nobody" })).toEqual([]);
    });

    test("verification lasts its window when the release stays healthy", async () => {
      const moduleId = "healthy";
      await start(subject.target, spec({ moduleId, releaseId: "release-000010" }));
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000010", weight: 100 }]);
      const begunMs = performance.now();
      const verified = await subject.target.verify(
        { namespace, moduleId, releaseId: "release-000010" },
        { windowMs: 400 },
        forever(),
      );
      expect(verified.state).toBe("serving");
      expect(performance.now() - begunMs).toBeGreaterThan(350);
    });

    test("verification ends at once when the release crashes after it was ready", async () => {
      const moduleId = "fragile";
      await start(subject.target, spec({ moduleId, releaseId: "release-000011" }));
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000011", weight: 100 }]);
      const verdict = subject.target.verify(
        { namespace, moduleId, releaseId: "release-000011" },
        { windowMs: 30_000 },
        forever(),
      );
      await subject.request(hostOf(moduleId), "/crash").catch(() => undefined);
      const verified = await verdict;
      expect(verified.state).toBe("failed");
      expect(verified.reason).toContain("exit code 7");
    });

    test("verification ends when a probe fails as often as its threshold says", async () => {
      const moduleId = "sickly";
      await start(subject.target, spec({ moduleId, releaseId: "release-000012" }));
      await subject.target.route({ namespace, moduleId }, [{ releaseId: "release-000012", weight: 100 }]);
      await subject.request(hostOf(moduleId), "/sicken");
      const verified = await subject.target.verify(
        { namespace, moduleId, releaseId: "release-000012" },
        { windowMs: 30_000 },
        forever(),
      );
      expect(verified.state).toBe("failed");
      expect(verified.reason).toContain("HTTP 503");
    });

    test("a serving release that crashes is started again", async () => {
      const moduleId = "phoenix";
      await start(
        subject.target,
        spec({ moduleId, releaseId: "release-000013", environment: { GREETING: "back" } }),
      );
      const [before] = await subject.target.route({ namespace, moduleId }, [
        { releaseId: "release-000013", weight: 100 },
      ]);
      await subject.request(hostOf(moduleId), "/crash").catch(() => undefined);
      await expect
        .poll(async () => (await subject.target.list({ namespace, moduleId }))[0])
        .toMatchObject({ state: "serving", restartCount: 1 });
      expect((await subject.request(hostOf(moduleId), "/")).body).toBe("back");
      expect((await subject.target.list({ namespace, moduleId }))[0]?.pid).not.toBe(before?.pid);
    });
  });
}

const deafServer = `
require("node:http").createServer((_, response) => {
  response.statusCode = 503;
  response.end();
}).listen(process.env.PORT, process.env.HOST ?? "127.0.0.1");
`;

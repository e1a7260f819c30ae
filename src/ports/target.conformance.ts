/** What every target promises (src/ports/target.ts), tried with real releases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Probes } from "../domain/module/module-spec.ts";
import type { ReleaseSpec, Target } from "./target.ts";

export interface TargetSubject {
  target: Target;
  /** Makes a release directory of these files and returns its digest. */
  artifact(files: Record<string, string>): Promise<string>;
  /** Requests a path of a module as a user would, through the target's front door. */
  request(host: string, path: string): Promise<{ status: number; body: string }>;
  dispose(): Promise<void>;
}

const namespace = "acme-staging";

export function targetConformance(name: string, create: () => Promise<TargetSubject>): void {
  describe(`${name} as a target`, () => {
    let subject: TargetSubject;
    let spec: (more: Partial<ReleaseSpec>) => ReleaseSpec;
    beforeAll(async () => {
      subject = await create();
      const artifact = await subject.artifact({ "server.js": echoServer });
      spec = (more) => releaseSpec({ artifact, ...more });
    });
    afterAll(() => subject.dispose());

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
      expect((await subject.request(hostOf("first"), "/")).status).toBe(404);
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
        .poll(async () => (await subject.target.list({ namespace, moduleId }))[0], { timeout: 10_000 })
        .toMatchObject({ state: "serving", restartCount: 1 });
      expect((await subject.request(hostOf(moduleId), "/")).body).toBe("back");
      expect((await subject.target.list({ namespace, moduleId }))[0]?.pid).not.toBe(before?.pid);
    });
  });
}

export function releaseSpec(more: Partial<ReleaseSpec> & { artifact: string }): ReleaseSpec {
  const moduleId = more.moduleId ?? "echo";
  return {
    namespace,
    moduleId,
    releaseId: "release-000001",
    version: "1.0.0",
    start: ["node", "server.js"],
    portVariable: "PORT",
    probes: quickProbes("/health"),
    hosts: [],
    environment: {},
    startupTimeoutMs: 20_000,
    ...more,
  };
}

export function quickProbes(path: string): Probes {
  const probe = {
    httpGet: { path },
    initialDelaySeconds: 0,
    periodSeconds: 0.1,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    startup: { ...probe, failureThreshold: 1_000 },
    readiness: probe,
    liveness: { ...probe, failureThreshold: 50 },
  };
}

export function hostOf(moduleId: string): string {
  return `${moduleId}.${namespace}.localhost`;
}

/** Answers its greeting; can be told to crash or to fall ill. */
export const echoServer = `
const http = require("node:http");
let ill = false;
http.createServer((request, response) => {
  if (request.url === "/crash") process.exit(7);
  if (request.url === "/sicken") ill = true;
  if (request.url === "/health" && ill) response.statusCode = 503;
  if (request.url === "/headers") return response.end(JSON.stringify(request.headers));
  response.end(process.env.GREETING ?? "hello");
}).listen(process.env.PORT, "127.0.0.1");
`;

const deafServer = `
require("node:http").createServer((_, response) => {
  response.statusCode = 503;
  response.end();
}).listen(process.env.PORT, "127.0.0.1");
`;

function start(target: Target, spec: ReleaseSpec, lines: string[] = []) {
  return target.start(spec, { signal: forever(), progress: (line) => lines.push(line) });
}

function forever(): AbortSignal {
  return new AbortController().signal;
}

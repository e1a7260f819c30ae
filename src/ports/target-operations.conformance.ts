/** Commands, logs, observation and the end of a module: the part of the suite for what people and policies do. */
import { describe, expect, test } from "vitest";
import type { LogLine, ReleaseSpec } from "./target.ts";
import { forever, hostOf, namespace, serve, type TargetSubject, watch } from "./target-samples.ts";

interface Current {
  subject: TargetSubject;
  spec(more: Partial<ReleaseSpec>): ReleaseSpec;
}

export function operationsConformance(current: () => Current): void {
  const node = (script: string): [string, ...string[]] => ["node", "-e", script];

  describe("running commands", () => {
    test("a command runs with the release's environment, and its output and exit code come back", async () => {
      const { subject, spec } = current();
      const lines: string[] = [];
      const wanted = spec({ moduleId: "migrated", environment: { GREETING: "to the database" } });
      const script = "console.log('migrates', process.env.GREETING); process.exitCode = 3;";
      const command = { id: "migrate", run: node(script), timeoutMs: 20_000 };
      const result = await subject.target.run(wanted, command, watch(lines));
      expect(result).toMatchObject({ exitCode: 3, timedOut: false });
      expect(result.output.trim()).toBe("migrates to the database");
      expect(lines).toContain("migrates to the database");
    });

    test("the same command is run once, also when it is asked for at the same time", async () => {
      const { subject, spec } = current();
      const wanted = spec({ moduleId: "once" });
      const command = {
        id: "migrate",
        run: node("setTimeout(() => console.log(Math.random()), 200)"),
        timeoutMs: 20_000,
      };
      const both = [
        subject.target.run(wanted, command, watch()),
        subject.target.run(wanted, command, watch()),
      ];
      const [one, two] = await Promise.all(both);
      const three = await subject.target.run(wanted, command, watch());
      expect(one?.exitCode).toBe(0);
      expect([two, three]).toEqual([one, one]);
      const other = await subject.target.run(wanted, { ...command, id: "again" }, watch());
      expect(other.output).not.toBe(one?.output);
    });

    test("a command that takes too long is ended", async () => {
      const { subject, spec } = current();
      const command = {
        id: "stuck",
        run: node("console.log('begun'); setInterval(() => {}, 1000)"),
        timeoutMs: 1_500,
      };
      const result = await subject.target.run(spec({ moduleId: "late" }), command, watch());
      expect(result).toMatchObject({ exitCode: null, timedOut: true });
      expect(result.output).toContain("begun");
    });
  });

  describe("looking at a module", () => {
    test("its log is read from the end, and followed", async () => {
      const { subject, spec } = current();
      const place = { namespace, moduleId: "talker" };
      await serve(subject.target, spec({ moduleId: "talker", environment: { GREETING: "something" } }));
      await subject.request(hostOf("talker"), "/say");
      await expect
        .poll(() => linesOf(subject.target.logs(place, { tail: 10, follow: false }, forever())))
        .toHaveLength(1);
      const over = new AbortController();
      const seen: LogLine[] = [];
      const following = (async () => {
        for await (const line of subject.target.logs(place, { tail: 10, follow: true }, over.signal))
          seen.push(line);
      })();
      await expect.poll(() => seen).toHaveLength(1);
      await subject.request(hostOf("talker"), "/say");
      await expect.poll(() => seen).toHaveLength(2);
      over.abort();
      await following;
      expect(seen[1]).toMatchObject({ releaseId: "release-000001", instance: 0, line: "said something" });
      expect(Date.parse(seen[1]?.at ?? "")).toBeGreaterThan(0);
    });

    test("what runs is what was started, and is told as measured", async () => {
      const { subject, spec } = current();
      const wanted = spec({ moduleId: "observed", replicas: 2, environment: { GREETING: "as approved" } });
      await serve(subject.target, wanted);
      expect(await subject.target.observe({ namespace, moduleId: "observed" })).toEqual([
        {
          releaseId: "release-000001",
          traffic: true,
          weight: 100,
          instances: 2,
          artifact: wanted.artifact,
          changedVariables: [],
        },
      ]);
      const [release] = await subject.target.list({ namespace, moduleId: "observed" });
      for (const instance of release?.instances ?? []) {
        expect(instance.memoryBytes).toBeGreaterThan(1_000_000);
        expect(instance.processes).toBeGreaterThan(0);
      }
    });
  });

  test("a dismantled module leaves nothing, and can be dismantled again", async () => {
    const { subject, spec } = current();
    const place = { namespace, moduleId: "gone" };
    await serve(subject.target, spec({ moduleId: "gone", releaseId: "release-000001" }));
    await serve(subject.target, spec({ moduleId: "gone", releaseId: "release-000002" }));
    await subject.target.dismantle(place);
    await subject.target.dismantle(place);
    expect(await subject.target.list(place)).toEqual([]);
    expect(await subject.target.observe(place)).toEqual([]);
    expect((await subject.request(hostOf("gone"), "/")).status).toBe(404);
    expect(await linesOf(subject.target.logs(place, { tail: 10, follow: false }, forever()))).toEqual([]);
  });
}

async function linesOf(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** What a person looks at and tries: previews, a run of the tests, a comparison before approval; and evidence from outside. */
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { DeploymentDiff } from "../../src/operations/diff-deployment.ts";
import type { Preview } from "../../src/operations/preview-delivery.ts";
import { named, only } from "./support/events.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { root } from "./support/run-program.ts";

const examples = path.join(root, "examples");
let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

describe("dev preview", () => {
  it("shows for each example what would be generated, and leaves it as it was", async () => {
    const broken = (await readdir(path.join(examples, "broken"))).map((name) => path.join("broken", name));
    for (const example of ["booking-service", ...broken]) {
      const folder = path.join(examples, example);
      const before = await readdir(folder, { recursive: true });
      const preview = JSON.parse(await site.ok(["dev", "preview", folder, "--json"])) as Preview;
      expect(preview.files.map(({ path: name }) => name)).toEqual(
        expect.arrayContaining([
          "Dockerfile",
          "azure-pipelines.yaml",
          ".github/workflows/ci.yml",
          ".gitlab-ci.yml",
        ]),
      );
      expect(preview.leftOut).toEqual([]);
      expect(preview.findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(await readdir(folder, { recursive: true })).toEqual(before);
    }
  });
});

describe("run test", () => {
  it("ends with 0 where the tests pass, and says how many", async () => {
    const ran = await site.connectsoft(["run", "test", path.join(examples, "booking-service")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/10 of 10 passed/);
  });

  it("ends with 4 where one fails, and names it", async () => {
    const ran = await site.connectsoft(["run", "test", path.join(examples, "broken/tests-fail")]);
    expect(ran).toMatchObject({ code: 4, stderr: "" });
    expect(ran.stdout).toContain(
      "three nights cost three times the rate: Expected values to be strictly equal: 160",
    );
    const report = await site.connectsoft([
      "run",
      "test",
      path.join(examples, "broken/tests-fail"),
      "--json",
    ]);
    expect(report.code).toBe(4);
    expect(JSON.parse(report.stdout).report).toMatchObject({ status: "Failed" });
  });
});

describe("a delivery whose production waits for approval", () => {
  let waiting: Delivered;
  let commit: string;
  beforeAll(async () => {
    waiting = await site.deliver(path.join(examples, "booking-service"));
    commit = String(only(waiting.events, "TestsPassed").data.commit);
    const file = path.join(site.desk, "tenant.yaml");
    const tenant = parse(await site.ok(["tenant", "show"])) as object;
    const producers = [
      { id: "jenkins", kinds: ["tests"] },
      { id: "lab", kinds: ["scan"] },
    ];
    await writeFile(file, stringify({ ...tenant, evidence: { producers } }));
    await site.ok(["tenant", "apply", file]);
  });

  it("is compared with what serves there, before it is approved", async () => {
    expect(waiting.code).toBe(3);
    const diff = JSON.parse(await site.ok(["diff", "deploy", waiting.trace, "--json"])) as DeploymentDiff;
    expect(diff).toMatchObject({ environment: "production", serving: null, changes: true });
    const text = await site.ok(["diff", "deploy", waiting.trace]);
    expect(text).toMatch(/booking-service in production.*nothing serves/s);
  });

  it("takes a report of a listed producer as evidence, and none of another or of another kind", async () => {
    const file = path.join(site.desk, "junit.xml");
    await writeFile(file, '<testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite>\n');
    const add = (producer: string, of = commit) =>
      site.connectsoft([
        "evidence",
        "add",
        file,
        "--kind",
        "junit",
        "--trace",
        waiting.trace,
        "--producer",
        producer,
        "--commit",
        of,
      ]);
    const added = await add("jenkins");
    expect(added.code).toBe(0);
    const stated = named(await site.events(waiting.trace), "TestsPassed").at(-1);
    expect(stated).toMatchObject({ source: "/ci/jenkins", data: { commit, tests: { total: 2, passed: 2 } } });
    expect((await add("jenkins")).stdout).toContain("was known already");
    for (const refused of [await add("nobody"), await add("lab")]) {
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/^error TenantForbidden: .*\nnext: /);
    }
    const strange = await add("jenkins", "0".repeat(40));
    expect(strange.code).toBe(2);
    expect(strange.stderr).toMatch(/^error DigestMismatch: .*\nnext: /);
  });

  it("hears CloudEvents over HTTP once, and none whose sender is not listed", async () => {
    const { url, token } = site.server();
    const send = async (source: string, id: string) => {
      const response = await fetch(`${url}/api/v1/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/cloudevents+json" },
        body: JSON.stringify({
          specversion: "1.0",
          id,
          source,
          type: "com.connectsoft.delivery.TestsExecuted",
          subject: `local/${waiting.trace}/booking-service`,
          data: { commit, reportDigest: `sha256:${"a".repeat(64)}`, tests: { total: 12, failed: 0 } },
        }),
      });
      return { status: response.status, body: await response.json() };
    };
    const before = (await site.events(waiting.trace)).length;
    const sent = await send("/ci/jenkins", "build-4711");
    expect(sent.status).toBeLessThan(300);
    expect((await send("/ci/jenkins", "build-4711")).status).toBeLessThan(300);
    expect((await site.events(waiting.trace)).length).toBe(before + 1);
    const refused = await send("/ci/stranger", "build-4712");
    expect(refused).toMatchObject({ status: 403, body: { code: "TenantForbidden" } });
  });
});

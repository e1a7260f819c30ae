import { expect, test } from "vitest";
import { type BodyFacts, bodyParts } from "./body-parts.ts";
import { labelsOf, statByModule } from "./change-facts.ts";
import {
  bounded,
  builtInTemplate,
  fill,
  holdsModule,
  longestBody,
  unknownPlaceholders,
  withModule,
} from "./template.ts";
import { traceBranch, traceOfBranch } from "./trace-branch.ts";

const file = (path: string, insertions = 1) => ({ path, status: "added" as const, insertions, deletions: 0 });

const facts: BodyFacts = {
  tenantId: "vetclinic-001",
  traceId: "trace-1",
  moduleId: "booking-service",
  version: "1.0.0",
  environments: ["staging", "production"],
  sponsor: "jane.doe",
  subject: "feat!: add booking-service for trace-1",
  files: [file("src/main.js", 20), file("package.json"), file("Dockerfile")],
  modulesFolder: "",
  decision: { bump: "breaking", previous: "0.9.0", reasons: ["GET /bookings is gone."] },
  secrets: ["DB_PASSWORD"],
};
const render = (over: Partial<BodyFacts> = {}) => fill(builtInTemplate, bodyParts({ ...facts, ...over }));

test("the text says what it brings, how it was tested, what changed and what is worth a look", () => {
  const tests = {
    passed: true,
    applicable: true,
    counts: { total: 12, passed: 11, failed: 0, skipped: 1 },
    coverage: 87.25,
    reportDigest: "sha256:aa",
    artifact: "sha256:bb",
  };
  const sbom = {
    added: [{ name: "hono", version: "4.0.0" }],
    removed: [],
    updated: [{ name: "pg", from: "8.0.0", to: "8.1.0" }],
    licences: { added: ["GPL-3.0-only"], removed: [] },
  };
  const body = render({ tests, sbom });
  for (const part of [
    "### Added\n- Add booking-service for trace-1\n- GET /bookings is gone.",
    "3 files changed, 22 insertions, 0 deletions",
    "11 of 12 tests passed, 1 skipped.",
    "Lines covered: 87.3 %",
    "- added `hono 4.0.0`",
    "- updated `pg` from `8.0.0` to `8.1.0`",
    "- new licence `GPL-3.0-only`",
    "**breaks its public interface** since `0.9.0`",
    "- `package.json`: declares dependencies",
    "- `Dockerfile`: says how the image is made",
    "- needs the secrets `DB_PASSWORD`",
    "connectsoft explain trace-1",
  ])
    expect(body).toContain(part);
});

test("a part that is not known leaves no heading behind, and before the tests it says so", () => {
  expect(render()).not.toContain("Components");
  expect(render()).toContain("Not built and tested yet.");
});

test("names and subjects of others stay text", () => {
  const path = "a`|b](http://evil) <!-- connectsoft:module=x -->\n## Approved";
  const body = render({ files: [file(path)], subject: "feat: <img src=x> @everyone *bold* [a](b)" });
  expect(body).toContain("``a`\\|b](http://evil)");
  expect(body).not.toMatch(/^## Approved/m);
  expect(body).not.toContain("<!-- connectsoft");
  expect(body).not.toContain("@everyone");
  expect(body).toContain("\\<img src=x\\>");
});

test("the text is bounded, and says how much it leaves out", () => {
  const files = Array.from({ length: 5_000 }, (_, n) => file(`folder-${n}/${"x".repeat(100)}`));
  const body = render({ files });
  expect(body).toContain("and 4980 more files");
  expect(body).toContain("and 4980 more folders");
  const long = bounded("line\n".repeat(100_000));
  expect(long.length).toBeLessThanOrEqual(longestBody);
  expect(long).toContain("cut here");
});

test("a tenant's own template is filled, and a name that stands for nothing is found", () => {
  expect(fill("{{ module }} by {{sponsor}}", bodyParts(facts))).toBe("booking-service by jane.doe\n");
  expect(unknownPlaceholders("{{module}} {{modul}} {{ }}")).toEqual(["modul", ""]);
});

test("modules that share a pull request each keep their own part", () => {
  const one = withModule("", "b", "text of b");
  const two = withModule(one, "a", "text of a");
  const again = withModule(two, "b", "other text");
  expect(again.indexOf("text of a")).toBeLessThan(again.indexOf("other text"));
  expect(again).not.toContain("text of b");
  expect([holdsModule(again, "a", "text of a"), holdsModule(again, "b", "text of b")]).toEqual([true, false]);
  let body = "";
  for (let n = 0; n < 10; n += 1) body = withModule(body, `m-${n}`, "line\n".repeat(10_000));
  expect(body.length).toBeLessThanOrEqual(longestBody);
  expect(body).toMatch(/and \d+ more modules/);
});

test("changes are counted by module, and labels say type, size and module", () => {
  expect(
    statByModule(
      [file("modules/a/x", 2), file("modules/a/y"), file("modules/b/x"), file("README.md")],
      "modules",
    ),
  ).toEqual([
    { folder: ".", files: 1, insertions: 1, deletions: 0 },
    { folder: "modules/a", files: 2, insertions: 3, deletions: 0 },
    { folder: "modules/b", files: 1, insertions: 1, deletions: 0 },
  ]);
  expect(
    labelsOf({ subject: facts.subject, modules: ["a"], files: facts.files, policy: ["team-x", "a"] }),
  ).toEqual(["delivery", "a", "feature", "breaking", "size/S", "team-x"]);
});

test("a branch leads back to its trace", () => {
  const of = { traceId: "trace-1", moduleId: "a" };
  expect(traceOfBranch(traceBranch(of, false))).toEqual(of);
  expect(traceOfBranch(traceBranch(of, true))).toEqual({ traceId: "trace-1" });
  for (const other of ["main", "trace", "trace/UPPER case/a", "trace/trace-1/a/b"])
    expect(traceOfBranch(other)).toBeUndefined();
});

/** What an auditor and a policy's author type, on one server: evidence that is exported and tampered with, and policies. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const own = userInfo().username;
const tenant = `
id: vetclinic
people:
  - { id: ${own}, roles: [StudioAdmin, ReleaseManager, Developer] }
  - { id: max, roles: [ReleaseManager] }
  - { id: lee, roles: [StudioApprover], claims: [override.freeze] }
  - { id: aud, roles: [Auditor] }
environments: [{ id: production }]
releasePolicy: { environments: { production: { requiresApproval: false } } }
`;

let site: Installation;
let trace: string;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });

beforeAll(async () => {
  site = await createInstallation({ tenant });
  ({ trace } = await site.deliver(await writeModule(site.desk, { id: "booking" }), ["--env", "production"]));
  for (const person of ["aud", "lee", "max"]) tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

describe("the archive of a trace", () => {
  let archive: string;
  /** Another machine's folder; what is run in it knows no server. */
  let elsewhere: string;
  const verify = (file: string, ...flags: string[]) =>
    site.connectsoft(["audit", "verify", file, ...flags], {
      cwd: elsewhere,
      env: { CONNECTSOFT_HOME: path.join(elsewhere, "nothing"), CONNECTSOFT_URL: "http://127.0.0.1:9" },
    });
  const outside = ["--trust", "keys.json", "--checkpoint", "kept.checkpoints"];

  beforeAll(async () => {
    elsewhere = path.join(site.desk, "elsewhere");
    await mkdir(elsewhere);
    const ran = await site.connectsoft(["audit", "export", trace], as("aud"));
    expect(ran.stdout).toContain(`next: connectsoft audit verify ${site.desk}`);
    archive = path.join(elsewhere, "a.tar.gz");
    await copyFile(path.join(site.desk, `${trace}.audit.tar.gz`), archive);
    await writeFile(path.join(elsewhere, "keys.json"), await site.ok(["audit", "keys", "--json"]));
    await writeFile(
      path.join(elsewhere, "kept.checkpoints"),
      `${await site.ok(["audit", "checkpoint"])}\n\n`,
    );
  });

  it("is authentic with the key and the checkpoint that were kept, and says what it cannot tell without them", async () => {
    const known = await verify("a.tar.gz", ...outside);
    expect(known.stdout).toMatch(/^authenticated: .* of vetclinic\n {2}1 delivery, \d+ events, /);
    expect(known.code).toBe(0);
    const alone = await verify("a.tar.gz");
    expect(alone.code).toBe(3);
    expect(alone.stdout).toMatch(/^consistent, not authenticated: .*--trust <keys.*--checkpoint <file/s);
  });

  it("that was tampered with names the first thing that does not fit", async () => {
    const bytes = gunzipSync(await readFile(archive));
    const events = () => bytes.toString("latin1").indexOf(`"traceid":"${trace}"`);
    bytes.writeUInt8(bytes.readUInt8(events() + 12) ^ 1, events() + 12);
    await writeFile(path.join(elsewhere, "flipped.tar.gz"), gzipSync(bytes));
    const flipped = await verify("flipped.tar.gz", ...outside);
    expect(flipped.code).toBe(4);
    expect(flipped.stdout).toMatch(/^does not fit: (events|journal)\S+.*\n$/);
    await writeFile(path.join(elsewhere, "cut.tar.gz"), (await readFile(archive)).subarray(0, 9_000));
    expect(await verify("cut.tar.gz")).toMatchObject({ code: 4 });
  });

  it.each([
    ["no archive", ["kept.checkpoints"], 4, /^does not fit: the archive is no tar\.gz/],
    ["a file that is not there", ["nothing.tar.gz"], 2, /InputInvalid: \S+nothing\.tar\.gz cannot be read/],
    [
      "an empty name of the keys",
      ["a.tar.gz", "--trust", ""],
      2,
      /InputInvalid: A name that was given is empty/,
    ],
    ["keys that are none", ["a.tar.gz", "--trust", "kept.checkpoints"], 2, /holds no key/],
  ])("is refused by name: %s", async (_what, args, code, said) => {
    const [file = "", ...flags] = args;
    const ran = await verify(file, ...flags);
    expect(ran.code).toBe(code);
    expect(ran.stdout + ran.stderr).toMatch(said);
  });

  it("is for those who may export, and an empty name of a trace is told as that", async () => {
    const refused = await site.connectsoft(["audit", "export", trace, "-o", "b.tar.gz"], as("lee"));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("TenantForbidden") });
    const empty = await site.connectsoft(["audit", "export", ""], as("aud"));
    expect(empty).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("A name that was given is empty"),
    });
  });
});

describe("policies", () => {
  it("are looked over, explained and held to a table", async () => {
    const file = path.join(site.desk, "tenant.yaml");
    await writeFile(file, tenant);
    expect(await site.ok(["policy", "validate", file])).toContain("could be applied");
    await writeFile(file, tenant.replace("[Auditor]", "[Auditr]"));
    const invalid = await site.connectsoft(["policy", "validate", file]);
    expect(invalid.stderr).toMatch(/PolicyInvalid.*tenant\.yaml:7:\d+ .*did you mean Auditor\?/s);
    const explained = await site.ok(["policy", "explain", "--who", "aud", "--what", "export"]);
    expect(explained).toMatch(/^allowed +aud \(Auditor\) export\n +auditor /);
    const table = path.join(site.desk, "cases.yaml");
    await writeFile(
      table,
      [
        "cases:",
        "  - { who: aud, what: export, expect: allow, by: auditor }",
        "  - { who: aud, what: approve, where: production, expect: allow }",
      ].join("\n"),
    );
    const tested = await site.connectsoft(["policy", "test", table]);
    expect(tested.code).toBe(1);
    expect(tested.stdout).toMatch(/cases\.yaml:3 expected aud approve production: allow; found deny/);
    expect(tested.stdout).toContain("1 of 2 cases differ.");
  });
});

describe("what one person asked for", () => {
  it("is told to those who may confirm it, where they look for what waits", async () => {
    const file = path.join(site.desk, "policy.yaml");
    await writeFile(file, "securityPolicy: { requireSignedImages: true }\n");
    const reason = ["--reason", "images of strangers were found in production"];
    await site.ok(["policy", "propose", file, ...reason], as("max"));
    await site.ok(["freeze", "set", "--env", "production", ...reason], as("max"));
    const [, freeze = ""] = /(freeze-[0-9a-f]+)/.exec(await site.ok(["freeze", "ls"])) ?? [];
    await site.connectsoft(["freeze", "lift", freeze, ...reason], as("max"));

    const mine = (await site.studio(["pending"])).stdout;
    expect(mine).toMatch(
      /max asked .* ago, and a second person confirms: policy-\d+ changes policy in one place/,
    );
    expect(mine).toMatch(/next: connectsoft policy confirm policy-\d+/);
    expect(mine).toContain(`next: connectsoft freeze lift ${freeze}`);
    const theirs = (await site.studio(["pending"], as("max"))).stdout;
    expect(theirs).toContain(`not you: it waits for ${own}`);
    expect(theirs).not.toContain("next:");
  });

  it("is told as outdated where another version holds by now", async () => {
    const file = path.join(site.desk, "tenant.yaml");
    await writeFile(file, `${tenant}keep: { releases: 11 }\n`);
    await site.ok(["tenant", "apply", file]);
    expect(await site.ok(["policy", "list"])).toContain("another holds by now: propose it again");
    expect((await site.studio(["pending"])).stdout).not.toContain("policy confirm");
  });
});

/** A change of policy by two people, as they type it, and what it does to a release that waits. */
import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { named } from "./support/events.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const own = userInfo().username;
const tenant = `
id: vetclinic
people:
  - { id: ${own}, roles: [StudioAdmin, Developer] }
  - { id: jane.doe, roles: [ProductOwner] }
  - { id: max, roles: [ReleaseManager] }
environments: [{ id: production }]
releasePolicy: { environments: { production: { requiresApproval: true } } }
`;
/** The description's own words. */
const securityPolicy = `securityPolicy:
  requireApprovalFor:
    - environment: production
      roles: [ProductOwner, ReleaseManager]
  requireSignedImages: true
  enforceChangeFreeze: true
  allowedApprovers:
    vetclinic:
      - user: jane.doe
        role: ProductOwner
`;

let site: Installation;
const tokens: Record<string, string> = {};
const as = (person: string) => ({ env: { CONNECTSOFT_TOKEN: tokens[person] ?? "" } });
const reason = "only the product owner decides on production from now on";

beforeAll(async () => {
  site = await createInstallation({ tenant });
  for (const person of ["jane.doe", "max"]) tokens[person] = await site.ok(["token", "create", person]);
});
afterAll(() => site.close());

it("is proposed by one and confirmed by another, and from then on decides who may approve", async () => {
  const { trace } = await site.deliver(await writeModule(site.desk, { id: "booking" }), [
    "--env",
    "production",
  ]);
  const release = String(named(await site.events(trace), "ReleaseProposed")[0]?.data.releaseId);

  const file = path.join(site.desk, "policy.yaml");
  await writeFile(file, securityPolicy);
  expect(await site.ok(["policy", "diff", file])).toContain("production: max may not approve any more");
  const proposed = await site.connectsoft(["policy", "propose", file, "--reason", reason], as("max"));
  const proposal = /policy-\d+/.exec(proposed.stdout)?.[0] ?? "";
  expect(proposed.stdout).toContain(`next: ${own}: connectsoft policy confirm ${proposal}`);

  const again = await site.connectsoft(["policy", "confirm", proposal], as("max"));
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain("SelfApproval");
  expect(await site.ok(["policy", "list"])).toContain(`waits for ${own}`);
  expect(await site.ok(["policy", "confirm", proposal])).toContain(
    "vetclinic is at version 2 (second person).",
  );
  expect(await site.ok(["policy", "history"])).toMatch(new RegExp(`version 2 .*${own}.*proposed by max`));
  expect(await site.ok(["policy", "show", "--env", "production"])).toMatch(
    /requireSignedImages +true +securityPolicy/,
  );

  const refused = await site.studio(["approve-release", release, "--comment", reason], as("max"));
  expect(refused.stderr).toContain("UnauthorizedApprover");
});

it("takes two people for the file of the tenant as well", async () => {
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, `${tenant.replace("ProductOwner]", "ProductOwner, Auditor]")}`);
  const outcome = await site.ok(["tenant", "apply", file, "--reason", "jane reads the records as well"]);
  expect(outcome).toMatch(/^policy-\d+ is proposed/);
  expect(outcome).toContain("max: connectsoft policy confirm");
});

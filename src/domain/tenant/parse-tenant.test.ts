import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { RefusalError } from "../refusal.ts";
import { effectivePolicy } from "../release/effective-policy.ts";
import { defaultTenant } from "./default-tenant.ts";
import { parseTenant } from "./parse-tenant.ts";

const sound = `id: vetclinic-001
people:
  - id: jane.doe
    roles: [Developer]
  - id: max
    roles: [ReleaseManager]
environments:
  - id: staging
  - id: production
releasePolicy:
  environments:
    production:
      requiresApproval: true
      minDelayBeforeDeploy: 10m
`;

describe("parseTenant", () => {
  test("completes what the file leaves out", () => {
    const tenant = parseTenant(sound, "tenant.yaml");
    expect(tenant.separationOfDuties).toBe("strict");
    expect(effectivePolicy(tenant, "production")).toMatchObject({
      requiresApproval: true,
      minApprovers: 1,
      roles: ["ProductOwner", "ReleaseManager"],
    });
  });

  test("reads back the default tenant as it is written", () => {
    const tenant = defaultTenant("Jörg Müller");
    expect(tenant.people[0]?.id).toBe("JorgMuller");
    expect(parseTenant(stringify(tenant), "tenant.yaml")).toEqual(tenant);
  });

  test.each([
    [
      "requiresApproval: true",
      "requireApproval: true",
      13,
      'unknown key "requireApproval"',
      "requiresApproval",
    ],
    ["[ReleaseManager]", "[ReleaseManger]", 6, "ReleaseManger", "ReleaseManager"],
    ["minDelayBeforeDeploy: 10m", "minDelayBeforeDeploy: soon", 14, "expected a duration", undefined],
    ["    production:\n", "    prodution:\n", 12, "no environment of this tenant", "production"],
    ["- id: max", "- id: jane.doe", 5, "stands twice", undefined],
    [
      "- id: staging",
      "- id: staging\n    container: { registry: https://registry.acme.example }",
      9,
      "expected the address of a registry such as registry.acme.example/delivery",
      undefined,
    ],
    ["- id: staging", "- id: ../staging", 8, "lower-case letters", undefined],
    ["id: vetclinic-001\n", "id: vetclinic-001\nid: other\n", 2, "a key stands twice", undefined],
  ])("refuses %j written as %j in its line", (right, wrong, line, message, suggestion) => {
    const refusal = refusalOf(() => parseTenant(sound.replace(right, wrong), "tenant.yaml"));
    expect(refusal.code).toBe("PolicyInvalid");
    expect(refusal.message).toContain(`tenant.yaml:${line}:`);
    expect(refusal.message).toContain(message);
    if (suggestion !== undefined) expect(refusal.message).toContain(`did you mean ${suggestion}?`);
  });

  test("refuses a bomb of aliases instead of expanding it", () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    const refusal = refusalOf(() => parseTenant(`a0: &a0 [x]\n${levels.join("\n")}\n`, "tenant.yaml"));
    expect(refusal.message).toContain("too many aliases");
  });
});

function refusalOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
  throw new Error("nothing was refused");
}

import { expect, test } from "vitest";
import { type Tenant, tenantSchema } from "../tenant/tenant.ts";
import { governanceOf } from "./governed-parts.ts";

function tenantOf(more: object): Tenant {
  return tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["StudioAdmin"] }],
    environments: [{ id: "production" }],
    ...more,
  });
}

const checked = (...checks: object[]) => ({
  releasePolicy: { environments: { production: { rollout: { verification: { checks } } } } },
});
const board = { name: "board", http: { url: "https://board.example/ask" } };
const sign = { format: "ssh", key: "/etc/connectsoft/signing-key" };

test.each([
  ["how many approve", {}, { releasePolicy: { environments: { production: { minApprovers: 2 } } } }],
  ["a check by HTTP", {}, checked({ name: "home", http: { path: "/" } })],
  [
    "how long a command may take",
    checked({ name: "a", command: ["./a"] }),
    checked({ name: "a", command: ["./a"], timeout: "5s" }),
  ],
  ["what commits say", {}, { commits: { types: ["feat", "fix"] } }],
  ["a freeze", {}, { freezes: [{ id: "fair", reason: "fair", start: "2026-12-01T00:00" }] }],
  ["who states evidence", {}, { evidence: { producers: [{ id: "ci", kinds: ["tests"] }] } }],
] as const)("a Release Manager answers for %s", (_what, before, after) => {
  expect(governanceOf(tenantOf(before), tenantOf(after))).toBe("release");
});

test.each([
  ["a gate, which runs a program of the host or takes a secret somewhere", {}, { gates: [board] }],
  ["taking a gate away", { gates: [board] }, {}],
  ["a command of a check, which runs on the host", {}, checked({ name: "a", command: ["curl", "x"] })],
  ["another command", checked({ name: "a", command: ["./a"] }), checked({ name: "a", command: ["./b"] })],
  ["the key of the host that commits are signed with", {}, { commits: { sign } }],
  ["whose signatures are trusted", {}, { commits: { trustedSshSigners: ["x ssh-ed25519 AAAA"] } }],
  ["where advisories come from", {}, { vulnerabilities: { source: "osv-file", path: "/srv/osv.json" } }],
  [
    "whom to tell",
    {},
    {
      notifications: [
        {
          id: "desk",
          to: { slack: { url: { secret: "DESK_URL", environment: "production" } } },
          on: ["ReleaseApproved"],
        },
      ],
    },
  ],
  [
    "people, together with a release's part",
    {},
    { people: [{ id: "max", roles: ["StudioAdmin"] }], naming: { modules: "^a" } },
  ],
] as const)("a StudioAdmin answers for %s", (_what, before, after) => {
  expect(governanceOf(tenantOf(before), tenantOf(after))).toBe("tenant");
});

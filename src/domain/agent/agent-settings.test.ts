import { describe, expect, test } from "vitest";
import { RefusalError } from "../refusal.ts";
import { effectivePolicy, policyDigest } from "../release/effective-policy.ts";
import { parseTenant } from "../tenant/parse-tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { agentOverlays } from "./agent-overlays.ts";
import { agentSettings, isWithheld, showAgentSettings } from "./agent-settings.ts";

const base = `id: acme
people: [{ id: jane, roles: [StudioAdmin, ProductOwner] }]
environments: [{ id: staging }, { id: production }]
commits: { types: [feat, fix], maxSubjectLength: 80 }
`;

const declared = (layers: string): Tenant => parseTenant(`${base}releasePolicy:\n${layers}`, "tenant.yaml");

function refusalOf(layers: string): string {
  try {
    declared(layers);
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.message;
  }
  throw new Error("it was not refused");
}

describe("an agent's configuration", () => {
  test("is the tenant's part for it where no layer says otherwise", () => {
    const tenant = declared("  environments: {}\n");
    expect(agentSettings(tenant, "code-committer", { moduleId: "booking" })).toEqual(tenant.commits);
  });

  test("of tenant, module and edition is laid over each other key by key, the more specific last", () => {
    const tenant =
      declared(`  tenant: { agents: { code-committer: { maxSubjectLength: 70, author: sponsor } } }
  modules: { booking: { agents: { code-committer: { maxSubjectLength: 60 } } } }
  editions: { premium: { agents: { code-committer: { types: [feat] } } } }
`);
    const at = { moduleId: "booking", editionId: "premium" };
    expect(agentSettings(tenant, "code-committer", at)).toEqual({
      ...tenant.commits,
      ...{ author: "sponsor", maxSubjectLength: 60, types: ["feat"] },
    });
    expect(agentSettings(tenant, "code-committer", { moduleId: "other" }).maxSubjectLength).toBe(70);
    const { sources } = showAgentSettings(
      tenant,
      { agentId: "code-committer", keys: overlayKeys("code-committer") },
      at,
    );
    expect(sources).toMatchObject({
      maxSubjectLength: "releasePolicy.modules.booking",
      author: "releasePolicy.tenant",
      types: "releasePolicy.editions.premium",
      changelog: "commits",
    });
  });

  test("keeps an action from an agent in one environment of one module, and nowhere else", () => {
    const tenant = declared(
      "  modules: { booking: { environments: { production: { agents: { deployment-orchestrator: { withheld: [deploy] } } } } } }\n",
    );
    const act = { agentId: "deployment-orchestrator", action: "deploy" };
    const at = (moduleId: string, environment: string) => isWithheld(tenant, act, { moduleId, environment });
    expect([at("booking", "production"), at("booking", "staging"), at("other", "production")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("that is locked is only made stricter by later layers", () => {
    const tenant =
      declared(`  tenant: { agents: { cloud-provisioner: { withheld: [deploy] }, pull-request-creator: { merge: by-person } }, locked: [agents] }
  modules: { booking: { agents: { cloud-provisioner: {}, pull-request-creator: { merge: automatic, labels: [booking] } } } }
`);
    const at = { moduleId: "booking" };
    expect(agentSettings(tenant, "pull-request-creator", at)).toMatchObject({
      merge: "by-person",
      labels: ["booking"],
    });
    expect(isWithheld(tenant, { agentId: "cloud-provisioner", action: "deploy" }, at)).toBe(true);
  });

  test("is part of the policy that an approval binds, there where it holds", () => {
    const digests = (layers: string) =>
      ["booking", "other"].map((moduleId) =>
        policyDigest(effectivePolicy(declared(layers), { environment: "production", moduleId })),
      );
    const [booking, other] = digests("  environments: { production: {} }\n");
    const [after, untouched] = digests(
      "  environments: { production: {} }\n  modules: { booking: { agents: { code-committer: { author: sponsor } } } }\n",
    );
    expect(after).not.toBe(booking);
    expect(untouched).toBe(other);
  });
});

test("what an agent's overlay has no key for is refused by name, with the keys there are", () => {
  expect(refusalOf("  tenant: { agents: { code-committer: { maxSubjectLenght: 60 } } }\n")).toMatch(
    /unknown key "maxSubjectLenght"; expected .*did you mean maxSubjectLength/,
  );
  expect(refusalOf("  tenant: { agents: { release-manager: {} } }\n")).toMatch(
    /unknown key "release-manager"/,
  );
  expect(refusalOf("  tenant: { agents: { code-committer: { withheld: [deploy] } } }\n")).toMatch(
    /expected commit/,
  );
  expect(refusalOf("  tenant: { agents: { code-committer: { requireSigned: false } } }\n")).toMatch(
    /unknown key "requireSigned"/,
  );
});

test("what would never count is refused where it stands", () => {
  expect(
    refusalOf("  environments: { production: { agents: { code-committer: { author: sponsor } } } }\n"),
  ).toMatch(/tenant.yaml:6:\d+ code-committer works before a delivery comes to an environment/);
  expect(refusalOf('  tenant: { agents: { pull-request-creator: { template: "{{sumary}}" } } }\n')).toMatch(
    /\{\{sumary\}\} stands for nothing.*did you mean summary/,
  );
});

function overlayKeys(agentId: keyof typeof agentOverlays): string[] {
  return Object.keys(agentOverlays[agentId].shape);
}

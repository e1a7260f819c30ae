import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import { type ModuleSpec, moduleSpecSchema } from "../../module/module-spec.ts";
import { isGenerated } from "../generated-mark.ts";
import { type AzureKind, azureName } from "./azure-names.ts";
import { infrastructureFiles } from "./infrastructure-files.ts";

const forms: Record<AzureKind, RegExp> = {
  resourceGroup: /^[a-z0-9-]{1,90}$/,
  keyVault: /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/,
  managedIdentity: /^[a-z0-9][a-z0-9-]{2,127}$/,
  privateEndpoint: /^[a-z0-9][a-z0-9-]{1,63}$/,
  postgresql: /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/,
  postgresqlDatabase: /^[a-z][a-z0-9-]{0,62}$/,
  redis: /^[a-z](?!.*--)([a-z0-9-]{0,58}[a-z0-9])?$/,
  storageAccount: /^[a-z0-9]{3,24}$/,
  storageContainer: /^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/,
  serviceBusNamespace: /^[a-z](?!.*-(sb|mgmt)$)[a-z0-9-]{4,48}[a-z0-9]$/,
  serviceBusQueue: /^[a-z0-9][a-z0-9-]{0,259}$/,
};

describe("azureName", () => {
  const slugs = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  const parts = fc.array(slugs, { minLength: 1, maxLength: 4 });

  test.each(Object.keys(forms) as AzureKind[])("keeps to Azure's limits for %s", (kind) => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(azureName(kind, some)).toMatch(forms[kind]);
      }),
    );
  });

  test("is the plain name where that fits, and two long ones never become one", () => {
    const own = ["vetclinic-001", "production", "booking-service"];
    expect(azureName("managedIdentity", own)).toBe("vetclinic-001-production-booking-service");
    expect(azureName("storageAccount", own)).not.toBe(azureName("storageAccount", [...own, "2"]));
    expect(azureName("storageAccount", ["a-b", "c"])).not.toBe(azureName("storageAccount", ["a", "bc"]));
    expect(azureName("serviceBusNamespace", ["team-sb"])).toMatch(/^team-sb-[0-9a-f]{8}$/);
  });
});

describe("infrastructureFiles", () => {
  const model = samplePipelineModel();

  test("is nothing for a module that needs nothing of the cloud", () => {
    expect(infrastructureFiles({ model, module: module({}) })).toBeUndefined();
  });

  test("is a program, a stack an environment, and the same in Bicep, each with the mark", () => {
    const files = infrastructureFiles({ model, module: module({ needsInfrastructure: true }) })?.files ?? [];
    expect(files.map(({ path }) => path.replace("infrastructure/", ""))).toEqual([
      "pulumi/Pulumi.yaml",
      "pulumi/Pulumi.staging.yaml",
      "pulumi/Pulumi.production.yaml",
      "pulumi/index.ts",
      "pulumi/package.json",
      "pulumi/tsconfig.json",
      "pulumi/PulumiStack.json",
      "bicep/main.bicep",
      "bicep/main.staging.bicepparam",
      "bicep/main.production.bicepparam",
    ]);
    expect(files.every(({ content }) => isGenerated(content))).toBe(true);
  });

  test("has only what was asked for", () => {
    const resources = [{ kind: "storage" as const, name: "pictures" }];
    const needs = { config: [], secrets: [], resources };
    const files = infrastructureFiles({ model, module: module({ needs }) })?.files ?? [];
    const text = files.map(({ content }) => content).join("\n");
    expect(text).toContain("Microsoft.Storage/storageAccounts");
    expect(text).not.toMatch(/ServiceBus\/|redisEnterprise|flexibleServers|KeyVault\//);
  });
});

function module(otherwise: Partial<ModuleSpec>): ModuleSpec {
  const probe = { tcpSocket: {} };
  return moduleSpecSchema.parse({
    id: "booking-service",
    version: "1.0.0",
    runtime: "node",
    packageManager: "npm",
    locked: true,
    start: ["node", "server.js"],
    probes: { startup: probe, readiness: probe, liveness: probe },
    needs: { config: [], secrets: [] },
    ...otherwise,
  });
}

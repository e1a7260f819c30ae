/** The generated Pulumi program against Pulumi's own SDK: type-checked, and run with its mocks of the cloud. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type ModuleSpec, moduleSpecSchema } from "../../../src/domain/module/module-spec.ts";
import { infrastructureFiles } from "../../../src/domain/pipeline/infrastructure/infrastructure-files.ts";
import { samplePipelineModel } from "../../support/pipeline-model.ts";

const run = promisify(execFile);
type Resource = { type: string; name: string; inputs: Record<string, unknown> };

/** Makes resources as Pulumi's engine would, without a cloud, and prints what the program asked for. */
const driver = `
const pulumi = require("@pulumi/pulumi");
const made = [];
pulumi.runtime.setMocks({
  newResource: ({ id, inputs, name, type }) => {
    if (type !== "pulumi:pulumi:Stack") made.push({ type, name, inputs });
    return { id: id || "/mocked/" + name, state: { ...inputs, name: inputs.resourceName ?? name, principalId: "principal-of-" + name, clientId: "client" } };
  },
  call: ({ token, inputs }) => ({ ...inputs, id: "/mocked/" + token, subscriptionId: "subscription" }),
}, process.env.PROJECT, process.env.MOCKED_STACK, false);
require("./out/index.js");
process.on("exit", () => require("node:fs").writeFileSync("made.json", JSON.stringify(made)));
`;

describe("the generated Pulumi program", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-"));
    await write(everything);
    const words = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", words, { cwd: folder });
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  const everything: Partial<ModuleSpec> = {
    needs: {
      config: [],
      secrets: ["DATABASE_PASSWORD", "TOKEN"],
      resources: [
        { kind: "postgresql", name: "bookings" },
        { kind: "redis", name: "cache" },
        { kind: "storage", name: "pictures" },
        { kind: "queue", name: "reminders" },
      ],
    },
  };

  test.each([
    ["everything", everything],
    ["an identity alone", { needsInfrastructure: true }],
    [
      "a queue alone",
      { needs: { config: [], secrets: [], resources: [{ kind: "queue" as const, name: "q" }] } },
    ],
    [
      "a database and secrets",
      { needs: { config: [], secrets: ["T"], resources: [{ kind: "postgresql" as const, name: "d" }] } },
    ],
  ])("is right by the SDK's types: %s", { timeout: 300_000 }, async (_, module) => {
    await write(module);
    await compile(["--noEmit"]);
  });

  test("makes private stores, and gives no right that is not needed", { timeout: 300_000 }, async () => {
    const files = await write(everything);
    await compile(["--noEmit", "false", "--outDir", "out"]);
    const made = await runWithMocks(files, "production");
    const of = (type: string) =>
      made.filter((one) => one.type === `azure-native:${type}`).map((one) => one.inputs);
    expect(of("dbforpostgresql:Server")).toMatchObject([
      {
        serverName: "vetclinic-001-production-booking-service",
        authConfig: { passwordAuth: "Disabled" },
        network: { publicNetworkAccess: "Disabled" },
        highAvailability: { mode: "ZoneRedundant" },
        tags: { tenant: "vetclinic-001", environment: "production", module: "booking-service" },
      },
    ]);
    expect(of("storage:StorageAccount")).toMatchObject([
      { publicNetworkAccess: "Disabled", allowSharedKeyAccess: false, sku: { name: "Standard_ZRS" } },
    ]);
    expect(of("servicebus:Namespace")).toMatchObject([
      { publicNetworkAccess: "Disabled", disableLocalAuth: true },
    ]);
    expect(of("redisenterprise:RedisEnterprise")).toMatchObject([{ publicNetworkAccess: "Disabled" }]);
    expect(of("network:PrivateEndpoint")).toHaveLength(4);
    const scopes = of("authorization:RoleAssignment").map(({ scope }) => String(scope));
    expect(scopes).toHaveLength(6);
    expect(scopes.filter((scope) => scope.endsWith("/resourceGroups/vetclinic-001-production"))).toHaveLength(
      1,
    );
    expect(
      scopes.filter((scope) => scope.includes("/secrets/vetclinic-001--production--booking-service--")),
    ).toHaveLength(2);
  });

  test("has what the environment asks for, and no standby where nobody approves", {
    timeout: 300_000,
  }, async () => {
    const files = await write(everything);
    const made = await runWithMocks(files, "staging");
    const server = made.find(({ type }) => type === "azure-native:dbforpostgresql:Server");
    expect(server?.inputs).toMatchObject({
      serverName: "vetclinic-001-staging-booking-service",
      highAvailability: { mode: "Disabled" },
    });
  });

  async function write(module: Partial<ModuleSpec>) {
    const files =
      infrastructureFiles({ model: samplePipelineModel(), module: moduleOf(module) })?.files ?? [];
    const program = files.filter((file) => file.path.startsWith("infrastructure/pulumi/"));
    for (const file of program) await writeFile(path.join(folder, path.basename(file.path)), file.content);
    return program;
  }

  async function compile(options: string[]) {
    await mkdir(path.join(folder, "out"), { recursive: true });
    const tsc = path.join("node_modules", "typescript", "bin", "tsc");
    const done = await run(process.execPath, [tsc, "-p", ".", ...options], { cwd: folder }).catch(
      (error) => error,
    );
    expect(done.stdout).toBe("");
  }

  async function runWithMocks(
    files: { path: string; content: string }[],
    environment: string,
  ): Promise<Resource[]> {
    const stack = files.find((file) => file.path.endsWith(`Pulumi.${environment}.yaml`))?.content ?? "";
    const config = Object.entries(parse(stack).config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const project = "vetclinic-001-booking-service";
    const platform = [
      "ciIssuer",
      "ciSubject",
      "clusterOidcIssuer",
      "databaseAdministratorsId",
      "databaseAdministratorsName",
      "privateEndpointSubnetId",
    ].map((key) => [`${project}:${key}`, `/the/platform/${key}`]);
    await writeFile(path.join(folder, "driver.cjs"), driver);
    const env = {
      ...process.env,
      PROJECT: project,
      MOCKED_STACK: environment,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries([...config, ...platform])),
    };
    await run(process.execPath, ["driver.cjs"], { cwd: folder, env });
    return JSON.parse(await readFile(path.join(folder, "made.json"), "utf8"));
  }
});

function moduleOf(otherwise: Partial<ModuleSpec>): ModuleSpec {
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

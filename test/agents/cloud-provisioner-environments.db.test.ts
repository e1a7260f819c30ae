/** What an environment is made of, on a real database and real folders: names, storage, quotas, what modules share. */
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noWants } from "../../src/domain/environment/wants-of.ts";
import type { Limits } from "../../src/domain/module/module-spec.ts";
import type { NamespaceRequest } from "../../src/ports/provisioner.ts";
import {
  createEnvironmentRig,
  destruction,
  type EnvironmentRig,
  environment,
  shop,
} from "./environment-rig.ts";

/** What a target was told, in the place of one that has control groups. */
let limited: Record<string, Limits>;
let rig: EnvironmentRig;
beforeEach(async () => {
  limited = {};
  rig = await createEnvironmentRig({
    limits: {
      async limitNamespace(namespace, limits) {
        limited[namespace] = limits;
        return [{ limit: "memoryBytes", enforced: true, words: "enforced by cgroup" }];
      },
    },
  });
});
afterEach(() => rig.dispose());

const uploads = { kind: "storage" as const, name: "uploads" };
const needsUploads = { config: [], secrets: [], resources: [uploads] };
const shared = { ...noWants, shared: [uploads] };

describe("names", () => {
  const wants = { ...noWants, domain: "apps.acme.example" };

  test("a domain that two environments have gives each module a name of its own, and it keeps it", async () => {
    const one = await rig.provision(shop({ wants }));
    const two = await rig.provision(shop({ wants, tenantId: "other" }));
    expect(one.hosts).toEqual(["shop.acme-staging.localhost", "shop.apps.acme.example"]);
    expect(two.hosts[0]).toBe("shop.other-staging.localhost");
    expect(two.hosts[1]).toMatch(/^shop-[0-9a-f]{8}\.apps\.acme\.example$/);
    await rig.provisioner.destroy(shop({ wants }), destruction);
    expect(await rig.changes(shop({ wants, tenantId: "other" }))).toEqual([]);
  });

  test("two plans for one name: the first that is applied has it, the other is not the current one any more", async () => {
    const [one, two] = [shop({ wants }), shop({ wants, tenantId: "other" })];
    const [first, second] = [await rig.provisioner.plan(one), await rig.provisioner.plan(two)];
    const made = await Promise.allSettled([
      rig.provisioner.apply(one, first.digest),
      rig.provisioner.apply(two, second.digest),
    ]);
    const hosts = [one, two].map((request) => rig.provision(request).then((each) => each.hosts[1]));
    expect(new Set(await Promise.all(hosts)).size).toBe(2);
    const failed = made.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(failed.every((reason) => reason.includes("PlanChanged"))).toBe(true);
  });

  test("modules with a path share the environment's host, and a path is one module's", async () => {
    const made = await rig.provision(shop({ path: "/shop/" }));
    expect(made.paths).toEqual([{ host: "acme-staging.localhost", path: "/shop" }]);
    await expect(rig.provisioner.plan(shop({ moduleId: "other", path: "/shop" }))).rejects.toThrow(
      /Conflict: acme-staging\.localhost\/shop leads to shop already/,
    );
    const books = await rig.provision(shop({ moduleId: "books", path: "/books" }));
    expect(books.paths).toEqual([{ host: "acme-staging.localhost", path: "/books" }]);
    expect(await rig.changes(shop())).toEqual(["delete path acme-staging.localhost/shop"]);
  });

  test("a name of a module that has the shared host's is not taken from it", async () => {
    const one = await rig.provision(
      shop({ moduleId: "acme-staging", wants: { ...wants, domain: "example.com" } }),
    );
    expect(one.hosts).toContain("acme-staging.example.com");
    const first = shop({ wants: { ...wants, domain: "example.com" }, tenantId: "first", path: "/" });
    expect((await rig.provision(first)).paths).toEqual([{ host: "example.com", path: "/" }]);
    const second = shop({ wants: { ...wants, domain: "example.com" }, path: "/" });
    expect((await rig.provision(second)).paths).toEqual([{ host: "acme-staging.localhost", path: "/" }]);
  });

  test("names that the tenant's policy forbids are refused", async () => {
    const naming = { namespaces: "^acme-(dev|prod)$", resources: "^data-" };
    await expect(rig.provisioner.plan(shop({ wants: { ...noWants, naming } }))).rejects.toThrow(
      /NamingPolicy: .*namespace acme-staging/,
    );
    const { namespaces, ...resources } = naming;
    const request = shop({ needs: needsUploads, wants: { ...noWants, naming: resources } });
    await expect(rig.provisioner.plan(request)).rejects.toThrow(/NamingPolicy: .*storage uploads/);
    const env = environment({ wants: { ...shared, naming: resources } });
    await expect(rig.provisioner.plan(env)).rejects.toThrow(/NamingPolicy/);
  });
});

describe("storage", () => {
  test("a module's own storage lies in its own folder, and it is told where", async () => {
    const made = await rig.provision(shop({ needs: needsUploads }));
    expect(made.variables).toEqual({ STORAGE_UPLOADS_DIR: join(made.storage, "uploads") });
    expect(existsSync(join(made.storage, "uploads"))).toBe(true);
  });

  test("storage that a module does not need any more stays for a rollback, until the environment goes", async () => {
    const { storage } = await rig.provision(shop({ needs: needsUploads }));
    await writeFile(join(storage, "uploads", "one"), "kept");
    expect(await rig.changes(shop())).toEqual([]);
    await rig.provision(shop());
    expect(existsSync(join(storage, "uploads", "one"))).toBe(true);
    await rig.provisioner.destroy(shop(), destruction);
    expect(existsSync(storage)).toBe(false);
  });

  test("shared storage is waited for in words, made for the environment, and the same for all its modules", async () => {
    const request = shop({ needs: needsUploads, wants: shared });
    expect(await rig.provisioner.wanting(request)).toMatchObject([
      {
        code: "NotFound",
        message: expect.stringMatching(/shop needs the storage uploads.*InfraAdmin or a CloudArchitect/),
        next: "Provision it: connectsoft provision --env staging",
      },
    ]);
    expect(await rig.changes(request)).not.toContain("create shared storage/uploads");
    expect(await rig.changes(environment({ wants: shared }))).toContain("create shared storage/uploads");
    await rig.provision(environment({ wants: shared }));
    expect(await rig.provisioner.wanting(request)).toEqual([]);
    const [one, two] = [await rig.provision(request), await rig.provision({ ...request, moduleId: "books" })];
    expect(one.variables).toEqual(two.variables);
    expect(existsSync(one.variables.STORAGE_UPLOADS_DIR ?? "")).toBe(true);
    expect(one.variables.STORAGE_UPLOADS_DIR).not.toContain("/shop/");
  });

  test("shared storage goes when it is declared no more, and not as long as a module needs it", async () => {
    await rig.provision(environment({ wants: shared }));
    const request = shop({ needs: needsUploads, wants: shared });
    await rig.provision(request);
    expect(await rig.changes(environment())).toEqual([]);
    await rig.provision(shop());
    expect(await rig.changes(environment())).toEqual(["delete shared storage/uploads"]);
    await rig.provision(environment());
    expect(await readdir(join(rig.storageRoot, "acme-staging"))).toEqual(["shop"]);
  });

  test.each(["postgresql", "redis", "queue"] as const)("a shared %s is refused in words", async (kind) => {
    const wants = { ...noWants, shared: [{ kind, name: "main" }] };
    await expect(rig.provisioner.plan(environment({ wants }))).rejects.toThrow(
      new RegExp(`PolicyInvalid: .*no ${kind}`),
    );
  });

  test("a database that a module needs is the address of one that runs", async () => {
    const request = shop({
      needs: { config: [], secrets: [], resources: [{ kind: "postgresql", name: "bookings" }] },
    });
    expect(await rig.provisioner.wanting(request)).toMatchObject([
      {
        code: "SecretsMissing",
        next: "Set it: connectsoft secret set DATABASE_URL --env staging --module shop",
      },
    ]);
    await rig.settings.setSecret(request, "DATABASE_URL", "postgres://db.example/bookings");
    expect(await rig.provisioner.wanting(request)).toEqual([]);
  });
});

describe("quotas", () => {
  const wants = {
    ...noWants,
    quotas: { memory: "1Gi", processes: 64, disk: "1Mi" },
    editions: { premium: { memory: "4Gi" } },
  };

  test("each says whether it holds, and the target is told all of them", async () => {
    const made = await rig.provision(shop({ wants }));
    expect(limited).toEqual({ "acme-staging": { memoryBytes: 1024 ** 3, processes: 64 } });
    expect(made.quotas).toEqual([
      { quota: "disk", value: "1Mi", enforced: false, words: expect.stringContaining("measured") },
      { quota: "memory", value: "1Gi", enforced: true, words: "enforced by cgroup" },
      { quota: "processes", value: 64, enforced: false, words: expect.stringContaining("not enforced") },
    ]);
  });

  test("a module of a greater edition raises them, and they go when they are declared no more", async () => {
    await rig.provision(shop({ wants }));
    const premium = shop({ wants, moduleId: "books", editionId: "premium" });
    expect((await rig.provisioner.plan(premium)).changes).toContainEqual({
      action: "update",
      kind: "quota",
      name: "memory",
      detail: "value 1Gi, expected 4Gi",
    });
    await rig.provision(premium);
    expect(limited["acme-staging"]).toMatchObject({ memoryBytes: 4 * 1024 ** 3 });
    expect(await rig.changes(shop())).toEqual([
      "delete quota processes",
      "delete quota memory",
      "delete quota disk",
    ]);
    await rig.provision(shop());
    expect(limited["acme-staging"]).toEqual({});
  });

  test("storage above its quota holds what would be deployed next, and nothing else", async () => {
    const request = shop({ wants });
    const { storage } = await rig.provision(request);
    expect(await rig.provisioner.wanting(request)).toEqual([]);
    await writeFile(join(storage, "big"), Buffer.alloc(2 * 1024 ** 2, 1));
    expect(await rig.provisioner.wanting(request)).toMatchObject([
      {
        code: "Conflict",
        message: expect.stringMatching(/uses 2\.\dMi of storage, more than its disk quota of 1Mi/),
      },
    ]);
    await rm(join(storage, "big"));
    expect(await rig.provisioner.wanting(request)).toEqual([]);
  });

  test("destroying lifts them", async () => {
    await rig.provision(shop({ wants }));
    await rig.provisioner.destroy(shop(), destruction);
    expect(limited).toEqual({ "acme-staging": {} });
  });
});

test("a folder that others may enter, a file in its place and a name that is gone are drift, and are mended", async () => {
  const request = shop({ needs: needsUploads });
  const made = await rig.provision(request);
  await chmod(made.storage, 0o755);
  await rm(join(made.storage, "uploads"), { recursive: true });
  await rig.pool.query("update connectsoft.namespace_modules set hosts = '{}'");
  const drift = await rig.provisioner.drift(request);
  expect(drift.map(({ words }) => words).sort()).toEqual([
    "host shop.acme-staging.localhost is gone",
    `storage ${made.storage} was changed: mode 0755, expected 0700`,
    `storage ${join(made.storage, "uploads")} is gone`,
  ]);
  for (const applied of await rig.provisioner.applied(request)) await rig.provision(applied);
  expect(await rig.provisioner.drift(request)).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)(
  "storage that services of another user have is theirs, and a stranger's is drift",
  async () => {
    const serviceUser = 1_900_000_001;
    const own = await createEnvironmentRig({ serviceUser: () => serviceUser });
    const request = shop({ needs: needsUploads });
    const { storage } = await own.provision(request);
    expect((await stat(join(storage, "uploads"))).uid).toBe(serviceUser);
    expect(await own.provisioner.drift(request)).toEqual([]);
    await chown(storage, 1_900_000_002, -1);
    expect((await own.provisioner.drift(request)).map(({ words }) => words)).toEqual([
      `storage ${storage} was changed: owner 1900000002, expected ours`,
    ]);
    await own.provision(request);
    expect((await stat(storage)).uid).toBe(serviceUser);
    await own.dispose();
  },
);

test("settings go with an environment where that is asked for, and stay where not", async () => {
  const scope = { tenantId: "acme", environment: "staging" };
  const key = await rig.settings.setSecret(scope, "KEY", "hidden");
  await rig.settings.setConfig({ ...scope, moduleId: "shop" }, "LOG_LEVEL", "debug");
  await rig.settings.setConfig({ ...scope, environment: "production" }, "LOG_LEVEL", "info");
  await rig.provision(shop());
  await rig.provisioner.destroy(shop(), destruction);
  expect(await rig.settings.listSecrets(scope)).toEqual([key]);
  await rig.provision(shop());
  await rig.provisioner.destroy(shop(), { ...destruction, withSettings: true });
  expect(await rig.settings.listSecrets(scope)).toEqual([]);
  await expect(rig.settings.revealSecrets(scope, [key])).rejects.toThrow(/SecretsMissing/);
  expect(await rig.leftovers()).toEqual({ setting_versions: 1 });
});

test("a folder that is not the namespace's is not removed, whatever a record says", async () => {
  await rig.provision(shop());
  const precious = join(rig.root, "precious");
  await mkdir(precious);
  await rig.pool.query("update connectsoft.environment_resources set name = $1 where kind = 'storage'", [
    precious,
  ]);
  await expect(rig.provisioner.destroy(shop(), destruction)).rejects.toThrow(/InvalidNamespaceAccess/);
  expect(existsSync(precious)).toBe(true);
});

test("ten that apply at once, and ten that destroy at once, do it once", async () => {
  const request = shop({ wants: shared, path: "/shop" });
  const { digest } = await rig.provisioner.plan(request);
  const made = await Promise.all(Array.from({ length: 10 }, () => rig.provisioner.apply(request, digest)));
  expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
  const gone = await Promise.allSettled(
    Array.from({ length: 10 }, () => rig.provisioner.destroy(request, destruction)),
  );
  expect(gone.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await rig.leftovers()).toEqual({});
});

test("after any plan is applied there is nothing left to plan, nothing has drifted, and everybody has names of their own", async () => {
  const request = fc.record({
    tenantId: fc.constantFrom("a", "a-b"),
    environment: fc.constantFrom("b-c", "c"),
    moduleId: fc.constantFrom("shop", "books"),
    editionId: fc.option(fc.constantFrom("premium", "free"), { nil: undefined }),
    path: fc.option(fc.constantFrom("/", "/x", "/y/"), { nil: undefined }),
    domain: fc.option(fc.constantFrom("apps.example", "a-b-c.example"), { nil: undefined }),
    quotas: fc.constantFrom({}, { memory: "1Gi" }, { memory: "2Gi", processes: 9 }),
    resources: fc.subarray([uploads]),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 6 }), async (drawn) => {
      await clear();
      for (const { domain, quotas, resources, path, editionId, ...place } of drawn) {
        const editions = { premium: { memory: "8Gi" }, free: {} };
        const asked: NamespaceRequest = {
          ...place,
          ...(path !== undefined && { path }),
          ...(editionId !== undefined && { editionId }),
          needs: { config: [], secrets: [], resources },
          wants: { ...noWants, quotas, editions, ...(domain !== undefined && { domain }) },
        };
        const plan = await rig.provisioner.plan(asked).catch((error: Error) => error);
        if (plan instanceof Error) {
          expect(plan.message).toMatch(/^Conflict: .* leads to/);
          continue;
        }
        await rig.provisioner.apply(asked, plan.digest);
        expect((await rig.provisioner.plan(asked)).changes).toEqual([]);
        expect(await rig.provisioner.drift(asked)).toEqual([]);
      }
      const { rows } = await rig.pool.query(
        "select unnest(m.hosts || m.paths) as name from connectsoft.namespace_modules m",
      );
      expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
      await clear();
      expect(await rig.leftovers()).toEqual({});
    }),
    { numRuns: 25 },
  );

  async function clear(): Promise<void> {
    for (const tenantId of ["a", "a-b"])
      for (const place of await rig.provisioner.list(tenantId))
        await rig.provisioner.destroy(place, destruction);
  }
});

test("what was allocated by the first migrations goes on as it is", async () => {
  const first = shop();
  const { storage } = await rig.provision(first);
  // As 0021 left it, and 0062 takes it over.
  await rig.pool.query("delete from connectsoft.environment_plans");
  await rig.pool.query("update connectsoft.environment_resources set found = null, looked_at = null");
  await rig.pool.query(
    "update connectsoft.environment_resources set spec = '{\"mode\": \"0700\"}' where kind = 'storage'",
  );
  expect(await rig.changes(first)).toEqual([]);
  expect(await rig.provisioner.drift(first)).toEqual([]);
  expect((await rig.provision(first)).storage).toBe(storage);
});

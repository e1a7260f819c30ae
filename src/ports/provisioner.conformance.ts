/** What every provisioner promises (src/ports/provisioner.ts). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Destruction, NamespaceRequest, ProvisionedNamespace, Provisioner } from "./provisioner.ts";

export interface ProvisionerSubject {
  provisioner: Provisioner;
  /** Changes something that was made, behind the provisioner's back. */
  spoil(made: ProvisionedNamespace): Promise<void>;
  dispose(): Promise<void>;
}

const request: NamespaceRequest = {
  tenantId: "acme",
  environment: "staging",
  moduleId: "booking-service",
  needs: { config: [], secrets: [] },
};

export function provisionerConformance(name: string, create: () => Promise<ProvisionerSubject>): void {
  describe(`${name} as a provisioner`, () => {
    let subject: ProvisionerSubject;
    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.dispose());

    test("planning says what would change, changes nothing, and says the same again", async () => {
      const module = { ...request, moduleId: "planned" };
      const first = await subject.provisioner.plan(module);
      expect(first.changes).not.toEqual([]);
      expect(await subject.provisioner.plan(module)).toEqual(first);
    });

    test("applying a plan makes everything, and there is nothing left to plan", async () => {
      const module = { ...request, moduleId: "applied" };
      const plan = await subject.provisioner.plan(module);
      const made = await subject.provisioner.apply(module, plan.digest);
      expect(made.namespace).toBe(plan.namespace);
      expect(made.hosts).not.toEqual([]);
      expect((await subject.provisioner.plan(module)).changes).toEqual([]);
    });

    test("applying the same plan twice changes nothing and gives the same answer", async () => {
      const module = { ...request, moduleId: "twice" };
      const plan = await subject.provisioner.plan(module);
      const first = await subject.provisioner.apply(module, plan.digest);
      expect(await subject.provisioner.apply(module, plan.digest)).toEqual(first);
      expect((await subject.provisioner.plan(module)).changes).toEqual([]);
    });

    test("two that apply the same plan at once both succeed", async () => {
      const module = { ...request, moduleId: "together" };
      const plan = await subject.provisioner.plan(module);
      const made = await Promise.all([1, 2].map(() => subject.provisioner.apply(module, plan.digest)));
      expect(made[0]).toEqual(made[1]);
    });

    test("a plan that is not the current one is refused", async () => {
      const module = { ...request, moduleId: "changed" };
      const plan = await subject.provisioner.plan(module);
      const other = await subject.provisioner.plan({ ...module, editionId: "premium" });
      await subject.provisioner.apply({ ...module, editionId: "premium" }, other.digest);
      await expect(subject.provisioner.apply(module, plan.digest)).rejects.toThrow(/PlanChanged/);
    });

    test("pairs whose plain names would be the same get different namespaces", async () => {
      const one = { ...request, tenantId: "north", environment: "east-1" };
      const two = { ...request, tenantId: "north-east", environment: "1" };
      const made = [];
      for (const pair of [one, two]) {
        made.push(await subject.provisioner.apply(pair, (await subject.provisioner.plan(pair)).digest));
      }
      expect(made[0]?.namespace).not.toBe(made[1]?.namespace);
      expect(made[0]?.hosts).not.toEqual(made[1]?.hosts);
      expect(made[0]?.storage).not.toBe(made[1]?.storage);
    });

    test("what is there does not drift; what was changed by hand is named, and a fresh plan mends it", async () => {
      const module = { ...request, environment: "drifting", moduleId: "shop" };
      const made = await provision(module);
      expect(await subject.provisioner.drift(module)).toEqual([]);
      await subject.spoil(made);
      const drift = await subject.provisioner.drift(module);
      expect(drift.map(({ moduleId }) => moduleId)).toEqual(["shop"]);
      const { resources } = await subject.provisioner.refresh(module);
      expect(resources.filter(({ found }) => found === undefined)).toHaveLength(1);
      const [applied = request] = await subject.provisioner.applied(module);
      expect((await subject.provisioner.plan(applied)).changes).not.toEqual([]);
      await provision(applied);
      expect(await subject.provisioner.drift(module)).toEqual([]);
    });

    test("an environment that was destroyed is gone with all that was in it, and can be made again", async () => {
      const module = { ...request, environment: "passing", moduleId: "shop" };
      const made = await provision(module);
      const dismantled: string[] = [];
      const destroyed = await subject.provisioner.destroy(module, {
        ...destruction,
        dismantle: async ({ namespace, moduleId }) => void dismantled.push(`${namespace}/${moduleId}`),
      });
      expect(destroyed).toMatchObject({ namespace: made.namespace, modules: ["shop"] });
      expect(dismantled).toEqual([`${made.namespace}/shop`]);
      expect(await environmentsOf(module)).not.toContain("passing");
      for (const call of [
        () => subject.provisioner.drift(module),
        () => subject.provisioner.refresh(module),
        () => subject.provisioner.destroy(module, destruction),
      ])
        await expect(call()).rejects.toThrow(/NotFound/);
      expect(await provision(module)).toEqual(made);
    });

    test("what serves is not destroyed unless that is asked for", async () => {
      const module = { ...request, environment: "serving", moduleId: "shop" };
      await provision(module);
      const serving = { ...destruction, serves: async () => "shop 1.0.0" };
      await expect(subject.provisioner.destroy(module, serving)).rejects.toThrow(/Conflict: .*shop 1\.0\.0/);
      expect(await subject.provisioner.drift(module)).toEqual([]);
      expect((await subject.provisioner.plan(module)).changes).toEqual([]);
      await subject.provisioner.destroy(module, { ...serving, serving: true });
      expect(await environmentsOf(module)).not.toContain("serving");
    });

    test("a destruction that was cut off refuses plans until it is finished, and the same call finishes it", async () => {
      const module = { ...request, environment: "half", moduleId: "shop" };
      const { digest } = await subject.provisioner.plan(module);
      await subject.provisioner.apply(module, digest);
      const broken = {
        ...destruction,
        dismantle: async () => {
          throw new Error("the target is away");
        },
      };
      await expect(subject.provisioner.destroy(module, broken)).rejects.toThrow(/target is away/);
      await expect(subject.provisioner.plan(module)).rejects.toThrow(/Conflict: .*being destroyed/);
      await expect(subject.provisioner.apply(module, digest)).rejects.toThrow(/Conflict: .*being destroyed/);
      await subject.provisioner.destroy(module, destruction);
      expect(await environmentsOf(module)).not.toContain("half");
    });

    test("a namespace is its own environment's and nobody else's", async () => {
      const module = { ...request, environment: "own", moduleId: "shop" };
      const { namespace } = await provision(module);
      await subject.provisioner.requireNamespace(module, namespace);
      for (const stranger of [
        { tenantId: "other", environment: "own" },
        { tenantId: "acme", environment: "unknown" },
      ])
        await expect(subject.provisioner.requireNamespace(stranger, namespace)).rejects.toThrow(
          /InvalidNamespaceAccess/,
        );
      await expect(subject.provisioner.requireNamespace(module, "acme-production")).rejects.toThrow(
        /InvalidNamespaceAccess/,
      );
      expect((await subject.provisioner.list("other")).map((one) => one.namespace)).not.toContain(namespace);
    });

    test.each(["tenantId", "environment", "moduleId"])("a %s that is no slug is refused", async (key) => {
      const forged = { ...request, [key]: "../etc" };
      await expect(subject.provisioner.plan(forged)).rejects.toThrow(new RegExp(`InputInvalid: ${key}`));
      await expect(subject.provisioner.apply(forged, "sha256:0")).rejects.toThrow(/InputInvalid/);
    });

    async function provision(module: NamespaceRequest): Promise<ProvisionedNamespace> {
      return await subject.provisioner.apply(module, (await subject.provisioner.plan(module)).digest);
    }

    async function environmentsOf({ tenantId }: NamespaceRequest): Promise<string[]> {
      return (await subject.provisioner.list(tenantId)).map(({ environment }) => environment);
    }
  });
}

const destruction: Destruction = {
  by: "ada",
  reason: "no longer needed",
  withSettings: false,
  serving: false,
  serves: async () => undefined,
  dismantle: async () => {},
};

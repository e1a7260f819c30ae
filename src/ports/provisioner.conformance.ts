/** What every provisioner promises (src/ports/provisioner.ts). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NamespaceRequest, Provisioner } from "./provisioner.ts";

export interface ProvisionerSubject {
  provisioner: Provisioner;
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
  });
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { slug } from "../scope.ts";
import { allocateNamespace, type NamespaceAllocation } from "./allocate-namespace.ts";

test("a namespace is the tenant and the environment", () => {
  expect(allocateNamespace({ tenantId: "vetclinic-001", environment: "staging" }, [])).toBe(
    "vetclinic-001-staging",
  );
});

test("a pair whose plain name belongs to another pair gets a hash behind it", () => {
  const first = { tenantId: "a", environment: "b-c", namespace: "a-b-c" };
  expect(allocateNamespace({ tenantId: "a-b", environment: "c" }, [first])).toMatch(/^a-b-c-[0-9a-f]{8}$/);
});

test("a pair keeps the namespace that it has", () => {
  const first = { tenantId: "a", environment: "b", namespace: "a-b-0badcafe" };
  expect(allocateNamespace({ tenantId: "a", environment: "b" }, [first])).toBe("a-b-0badcafe");
});

test("every pair gets a namespace of its own that is a slug, however pairs are named and in whatever order they come", () => {
  const part = fc.stringMatching(/^[ab]([ab-]{0,3}[ab])?$/);
  const long = fc.stringMatching(/^[ab][ab-]{58,61}[ab]$/);
  const pair = fc.record({ tenantId: fc.oneof(part, long), environment: fc.oneof(part, long) });
  fc.assert(
    fc.property(
      fc.uniqueArray(pair, { selector: (one) => `${one.tenantId}/${one.environment}`, maxLength: 30 }),
      (pairs) => {
        const allocated: NamespaceAllocation[] = [];
        for (const one of pairs) allocated.push({ ...one, namespace: allocateNamespace(one, allocated) });
        expect(new Set(allocated.map(({ namespace }) => namespace)).size).toBe(pairs.length);
        for (const { namespace } of allocated)
          expect(slug.safeParse(namespace).success, namespace).toBe(true);
      },
    ),
  );
});

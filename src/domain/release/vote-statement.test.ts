import fc from "fast-check";
import { expect, it } from "vitest";
import { digests } from "../../../test/support/digests.ts";
import { createTestSigner } from "../../../test/support/votes.ts";
import {
  type StoredSignature,
  type VoteFacts,
  verifyVote,
  voteStatement,
  voteType,
} from "./vote-statement.ts";

const signer = createTestSigner();
const facts: VoteFacts = {
  subject: { tenantId: "acme", traceId: "trace-1", moduleId: "shop" },
  environment: "production",
  releaseId: "release-000007",
  decision: "approved",
  by: "max",
  onBehalfOf: "ada",
  roles: ["ReleaseManager"],
  method: "CLI",
  comment: "checked on staging",
  at: "2026-01-02T10:00:00.000Z",
  digests,
};
const stored = signer.signed(facts).signature as unknown as StoredSignature;
const known = async () => ({ serverKeys: await signer.keys("acme"), personKeys: [] });

it("is an in-toto statement about the bytes, with the decision as its predicate", () => {
  expect(JSON.parse(voteStatement(facts))).toMatchObject({
    _type: "https://in-toto.io/Statement/v1",
    predicateType: voteType,
    subject: [{ name: "acme/shop", digest: { sha256: digests.artifact.slice(7) } }, {}, {}],
    predicate: { releaseId: "release-000007", by: "max", onBehalfOf: "ada", decision: "approved", digests },
  });
});

it("is labelled as the server's word for a person, where the server signed it", async () => {
  expect(verifyVote(facts, stored, await known())).toEqual({
    good: true,
    label: "signed by the server for max",
  });
});

it("does not hold with any of its words changed", async () => {
  const leaves = leavesOf(JSON.parse(JSON.stringify(facts)));
  expect(leaves.length).toBeGreaterThan(17);
  const keys = await known();
  fc.assert(
    fc.property(fc.constantFrom(...leaves), fc.string({ minLength: 1 }), (path, more) => {
      const changed = JSON.parse(JSON.stringify(facts));
      const holder = path.slice(0, -1).reduce((at, name) => at[name], changed);
      const last = path.at(-1) ?? "";
      holder[last] = `${holder[last]}${more}`;
      expect(verifyVote(changed, stored, keys)).toMatchObject({ good: false });
    }),
  );
});

it("holds with a key that was retired after it, and not with one that was retired before", async () => {
  const { serverKeys } = await known();
  const retired = (retiredAt: string) => ({
    serverKeys: serverKeys.map((key) => ({ ...key, retiredAt })),
    personKeys: [],
  });
  expect(verifyVote(facts, stored, retired("2026-01-03T00:00:00.000Z")).good).toBe(true);
  expect(verifyVote(facts, stored, retired("2026-01-01T00:00:00.000Z"))).toMatchObject({
    good: false,
    why: expect.stringContaining("retired"),
  });
});

function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]));
}

import { describe, expect, test } from "vitest";
import { type ProvenanceRequest, provenanceOf, provenanceSchema } from "./provenance.ts";

const request: ProvenanceRequest = {
  artifacts: [{ name: "booking-service-1.0.0", digest: `sha256:${"a".repeat(64)}` }],
  repository: "vetclinic-001/booking-service",
  commit: "c".repeat(40),
  tree: "d".repeat(40),
  folder: "",
  stages: [{ name: "build", steps: [{ name: "install", run: ["npm", "ci"] }] }],
  inventories: [
    { path: "package-lock.json", digest: `sha256:${"2".repeat(64)}` },
    { path: "node_modules/.package-lock.json", digest: `sha256:${"1".repeat(64)}` },
  ],
  byproducts: [{ name: "SBOM.json", digest: `sha256:${"3".repeat(64)}` }],
  builderId: "https://delivery.example/installations/1",
  builderVersion: "0.1.0",
  invocationId: "invocation-1",
  startedOn: "2026-01-02T03:04:05.000Z",
  finishedOn: "2026-01-02T03:05:05.000Z",
};

describe("provenanceOf", () => {
  test("is an in-toto statement about the artifact with SLSA's provenance", () => {
    const statement = provenanceSchema.parse(JSON.parse(provenanceOf(request)));
    expect(statement.subject).toEqual([
      { name: "booking-service-1.0.0", digest: { sha256: "a".repeat(64) } },
    ]);
    expect(statement.predicate.buildDefinition.resolvedDependencies).toEqual([
      {
        uri: `git+connectsoft://vetclinic-001/booking-service@${request.commit}`,
        digest: { gitCommit: request.commit, gitTree: request.tree },
      },
      { name: "node_modules/.package-lock.json", digest: { sha256: "1".repeat(64) } },
      { name: "package-lock.json", digest: { sha256: "2".repeat(64) } },
    ]);
    expect(statement.predicate.runDetails.metadata).toEqual({
      invocationId: "invocation-1",
      startedOn: request.startedOn,
      finishedOn: request.finishedOn,
    });
  });

  test("has the same bytes whatever the order of what goes in", () => {
    const turned = { ...request, inventories: request.inventories.toReversed() };
    expect(provenanceOf(turned)).toBe(provenanceOf(request));
  });

  test("is no statement without a subject, a real digest, or a builder that has a URI", () => {
    expect(() => provenanceOf({ ...request, artifacts: [] })).toThrow();
    expect(() => provenanceOf({ ...request, artifacts: [{ name: "a", digest: "sha256:XYZ" }] })).toThrow();
    expect(() => provenanceOf({ ...request, builderId: "me" })).toThrow();
    expect(() => provenanceOf({ ...request, startedOn: "yesterday" })).toThrow();
  });
});

import { describe, expect, it } from "vitest";
import { parseTenant } from "../tenant/parse-tenant.ts";
import { describeChange } from "./describe-change.ts";

const tenant = (more = "") =>
  parseTenant(
    `id: acme
people: [{ id: ada, roles: [StudioAdmin, ReleaseManager] }]
environments: [{ id: staging }]
${more}`,
    "tenant.yaml",
  );

const policy = (id: string, cedar: string) => `policies:
  - id: ${id}
    cedar: |
      ${cedar}
`;

describe("what a change of policy means", () => {
  it("tells a policy of the tenant by its text, as it was written and on one line", () => {
    const text = `forbid (principal, action == Action::"rollback", resource)\n      unless { context.method == "cli" };`;
    expect(describeChange(tenant(), tenant(policy("by-terminal", text))).lines).toEqual([
      'policies: by-terminal comes in: forbid (principal, action == Action::"rollback", resource) unless { context.method == "cli" };',
    ]);
  });

  it("tells of a list by name: what changes in one, and what is taken out", () => {
    const gates = (...lines: string[]) => `gates:\n${lines.map((line) => `  - ${line}\n`).join("")}`;
    const board = (again: string) => `{ name: board, http: { url: "https://b.example/" }, again: ${again} }`;
    const desk = `{ name: desk, http: { url: "https://d.example/" } }`;
    const { lines } = describeChange(tenant(gates(board("1m"), desk)), tenant(gates(board("5m"))));
    expect(lines).toEqual(["gates: board.again: 1m -> 5m", "gates: desk is taken out"]);
  });
});

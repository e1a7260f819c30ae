import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { tokenIdOf } from "../domain/access/access-token.ts";
import { sha256Hex } from "../domain/canonical-json.ts";
import { parseTenant } from "../domain/tenant/parse-tenant.ts";
import { type Listening, listen } from "./listen.ts";

const tenantText = (more = "", olga = "  - { id: olga, roles: [Deployer] }") => `id: vetclinic-001
people:
  - { id: jane, roles: [Developer] }
  - { id: max, roles: [ReleaseManager] }
  - { id: ada, roles: [StudioAdmin] }
${olga}
environments: [{ id: staging }, { id: production }]
releasePolicy: { environments: { production: { requiresApproval: true } } }
${more}`;

describe("who calls", () => {
  let rig: TestSystem;
  let server: Listening;

  const declare = (text: string) => rig.system.tenants.put(parseTenant(text, "tenant.yaml"), "ada", text);
  const issue = (
    person: string,
    terms?: Parameters<TestSystem["system"]["accounts"]["issueToken"]>[2],
    tenantId = "vetclinic-001",
  ) => rig.system.accounts.issueToken({ tenantId, person }, "test", terms);
  const journal = async (act: "CallerRefused" | "AccessDenied" | "TokenIssued" | "TokenEnded") =>
    (await rig.system.journal.read("vetclinic-001", { acts: [act] })).map(
      ({ actor, data }): Record<string, unknown> => ({ actor, ...data }),
    );

  beforeEach(async () => {
    rig = await createTestSystem();
    await declare(tenantText());
    const app = appOf(rig.system, { metrics: rig.metrics.text, refused: rig.metrics.refused });
    server = await listen(app, 0);
  });
  afterEach(async () => {
    await server.close();
    await rig.close();
  });

  async function call(path: string, authorization: string | undefined, init: RequestInit = {}) {
    const headers = { ...(authorization !== undefined && { authorization }) };
    const response = await fetch(`${server.url}${path}`, { ...init, headers });
    const body = (await response.json()) as { code?: string; detail?: string };
    return { status: response.status, challenge: response.headers.get("www-authenticate"), ...body };
  }
  const me = (token: string) => call("/api/v1/deliveries", `Bearer ${token}`);
  const post = (path: string, token: string, body: object) =>
    call(`/api/v1${path}`, `Bearer ${token}`, { method: "POST", body: JSON.stringify(body) });

  test("an expired token is refused by name, and it is on record whose it was", async () => {
    const token = await issue("jane", { expiresAt: "2026-01-01T00:00:00Z" });
    const refused = await me(token);
    expect(refused).toMatchObject({ status: 401, code: "TokenExpired" });
    expect(refused.challenge).toMatch(/^Bearer error="invalid_token", error_description="The token tok-/);
    expect(await journal("CallerRefused")).toEqual([
      { actor: "jane", code: "TokenExpired", token: tokenIdOf(token), message: expect.any(String) },
    ]);
  });

  test("a revoked token is refused from the next call on, also when it is played again", async () => {
    const [token, own] = [await issue("jane"), await issue("jane")];
    expect((await me(token)).status).toBe(200);
    const ended = await call(`/api/v1/tokens/${tokenIdOf(token)}`, `Bearer ${own}`, { method: "DELETE" });
    expect(ended.status).toBe(200);
    expect(await me(token)).toMatchObject({ status: 401, code: "TokenRevoked" });
    expect(await me(token)).toMatchObject({ status: 401, code: "TokenRevoked" });
    expect(await journal("TokenEnded")).toEqual([{ actor: "jane", person: "jane", token: tokenIdOf(token) }]);
  });

  test("a forged token is refused, and so is a hash out of the database", async () => {
    const token = await issue("jane");
    const forged = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
    for (const wrong of [forged, sha256Hex(token), tokenIdOf(token), "e30.e30.", "a.b.c", "cst_"])
      expect(await me(wrong)).toMatchObject({
        status: 401,
        code: expect.stringMatching(/^Token(Unknown|Invalid)$/),
      });
    expect(await journal("CallerRefused")).toHaveLength(6);
    expect(new Set((await journal("CallerRefused")).map(({ actor }) => actor))).toEqual(new Set(["nobody"]));
  });

  test("the tokens of a removed person stop at once", async () => {
    const token = await issue("olga");
    expect((await me(token)).status).toBe(200);
    await declare(tenantText("", "  - { id: nina, roles: [Deployer] }"));
    expect(await me(token)).toMatchObject({ status: 401, code: "TokenRevoked" });
    expect(await journal("CallerRefused")).toMatchObject([{ actor: "olga", code: "TokenRevoked" }]);
  });

  test("a token of another tenant opens nothing here, and finds out nothing", async () => {
    const text = tenantText().replace("vetclinic-001", "other-002");
    await rig.system.tenants.put(parseTenant(text, "tenant.yaml"), "ada", text);
    const token = await issue("ada", {}, "other-002");
    const { traceId, moduleId } = await rig.deliver();
    const there = await call(`/api/v1/deliveries/vetclinic-001/${traceId}/${moduleId}`, `Bearer ${token}`);
    expect(there).toMatchObject({ status: 403, code: "TenantForbidden" });
    const mine = await issue("jane");
    const ended = await call(`/api/v1/tokens/${tokenIdOf(mine)}`, `Bearer ${token}`, { method: "DELETE" });
    expect(ended).toMatchObject({ status: 404, code: "NotFound" });
    expect((await me(mine)).status).toBe(200);
    const denied = await rig.system.journal.read("other-002", { acts: ["AccessDenied"] });
    expect(denied.length).toBeGreaterThan(0);
    // The header chooses among a person's own tenants; it opens no other.
    const headers = { authorization: `Bearer ${token}`, "x-connectsoft-tenant": "vetclinic-001" };
    const list = await fetch(`${server.url}/api/v1/tenant`, { headers });
    expect(await list.json()).toMatchObject({ tenantId: "other-002" });
  });

  test("a bearer that is written another way is no way in", async () => {
    const token = await issue("ada");
    const ways = [
      ...["Bearer", "Bearer ", "bearer\t", `Basic ${token}`, token, `Token ${token}`],
      ...[`Bearer ${token} ${token}`, `Bearer x ${token}`, `Bearer, Bearer ${token}`, `Bearer "${token}"`],
      ...[`Bearer ${token},`, `Bearer ${token}\u00a0`, `Bearer ${"a".repeat(9_000)}`],
    ];
    for (const way of ways) expect([way, (await call("/api/v1/tenant", way)).status]).toEqual([way, 401]);
    for (const way of [`?access_token=${token}`, `?token=${token}`, `?authorization=Bearer%20${token}`])
      expect((await call(`/api/v1/tenant${way}`, undefined)).status).toBe(401);
  });

  test("nothing of the API is answered without a token, however its path is written", async () => {
    const paths = [
      ...[
        "/api/v1/tenant/",
        "/api/v1//tenant",
        "//api/v1/tenant",
        "/api/./v1/tenant",
        "/healthz/../api/v1/tenant",
      ],
      ...[
        "/API/v1/tenant",
        "/api/v1/%74enant",
        "/api%2fv1%2ftenant",
        "/api/v1/tenant;/healthz",
        "/api/v1\\tenant",
      ],
      ...[
        "/sign-in/../api/v1/tenant",
        "/git/..%2fapi/v1/tenant",
        "/api/v1/tenant%00",
        "/api/v1/tenant#/healthz",
      ],
    ];
    for (const path of paths) {
      const { status, body } = await raw(path);
      expect([path, status >= 400 && !body.includes("people")]).toEqual([path, true]);
    }
  });

  /** The path as it stands: fetch would tidy it up. */
  function raw(path: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port: new URL(server.url).port, path }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk) => (body += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on("error", reject)
        .end();
    });
  }

  test("a flood of wrong tokens fills no journal", async () => {
    for (let nth = 0; nth < 60; nth++) await me(`cst_${String(nth).padStart(43, "0")}`);
    const written = await journal("CallerRefused");
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThanOrEqual(20);
    const metrics = await rig.metrics.text();
    expect(metrics).toContain('callers_refused_total{code="TokenUnknown"} 30');
    expect(await me(`cst_${"1".repeat(43)}`)).toMatchObject({ status: 429, code: "TooManyRequests" });
  });

  test("a token reaches no further than its scope and its environments", async () => {
    const read = await issue("ada", { scope: ["read"] });
    expect((await me(read)).status).toBe(200);
    expect(await post("/tokens", read, { person: "ada" })).toMatchObject({ status: 403, code: "TokenScope" });
    const staging = await issue("olga", { environments: ["staging"] });
    const config = (environment: string) =>
      call(`/api/v1/settings/${environment}/config`, `Bearer ${staging}`).then(({ status }) => status);
    expect([await config("staging"), await config("production")]).toEqual([200, 403]);
    const decide = await issue("max", { scope: ["decide"] });
    const handOver = { source: { kind: "folder", path: "/tmp" } };
    expect(await post("/deliveries", decide, handOver)).toMatchObject({ status: 403, code: "TokenScope" });
    expect((await journal("AccessDenied")).map(({ actor, policies }) => [actor, policies])).toEqual([
      ["ada", ["token-scope"]],
      ["olga", ["token-scope"]],
      ["max", ["token-scope"]],
    ]);
  });

  test("a token gives nobody a role that they do not have", async () => {
    const admin = await issue("jane", { scope: ["admin", "decide"] });
    expect(await post("/tokens", admin, { person: "max" })).toMatchObject({
      status: 403,
      code: "TenantForbidden",
    });
  });

  test("a token in one environment hands over to no other", async () => {
    const staging = await issue("jane", { environments: ["staging"] });
    const source = { kind: "folder", path: `${process.cwd()}/examples/booking-service` };
    expect(await post("/deliveries", staging, { source })).toMatchObject({ status: 403, code: "TokenScope" });
    expect(await post("/deliveries", staging, { source, environments: ["staging"] })).toMatchObject({
      status: 200,
    });
  });

  test("tokens are made, listed and revoked; what makes them passes on no more than it has", async () => {
    const token = await issue("ada", { scope: ["admin"] });
    const made = await post("/tokens", token, {
      person: "jane",
      scope: ["tenant"],
      expires: "1d",
      label: "robot",
    });
    expect(made).toMatchObject({ status: 200, person: "jane", token: expect.stringMatching(/^cst_/) });
    for (const wider of [{}, { scope: ["deliver"] }, { scope: ["admin", "approve"] }])
      expect(await post("/tokens", token, { person: "jane", ...wider })).toMatchObject({
        code: "TokenScope",
      });
    for (const expires of ["0d", "400d", "never", "-1d"])
      expect(await post("/tokens", token, { person: "jane", scope: ["read"], expires })).toMatchObject({
        code: "InputInvalid",
      });
    const listed = await fetch(`${server.url}/api/v1/tokens?all=true`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await listed.text();
    expect(text).not.toContain(String((made as { token?: string }).token).slice(4));
    expect(JSON.parse(text)).toMatchObject([
      { person: "jane", label: "robot", state: "good", issuedBy: "ada" },
      { person: "ada" },
    ]);
    // Making one is no use of it.
    expect(JSON.parse(text)[0]).not.toHaveProperty("lastUsedAt");
    expect(await journal("TokenIssued")).toMatchObject([{ actor: "ada", person: "jane", scope: ["tenant"] }]);
    const janes = await issue("jane");
    expect(await call("/api/v1/tokens?all=true", `Bearer ${janes}`)).toMatchObject({ status: 403 });
  });
});

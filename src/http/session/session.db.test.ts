import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appOf } from "../../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { tokenIdOf } from "../../domain/access/access-token.ts";
import { sha256Hex } from "../../domain/canonical-json.ts";
import { type Listening, listen } from "../listen.ts";

const tenantId = "vetclinic-001";

interface Answer {
  status: number;
  cookies: string[];
  id: string;
  code: string;
  person: string;
  csrfToken: string;
  expiresAt: string;
}

describe("a session in a browser", () => {
  let rig: TestSystem;
  let server: Listening;
  beforeAll(async () => {
    rig = await createTestSystem();
    server = await listen(appOf(rig.system, { trustProxy: true, version: "1.2.3" }), 0);
  });
  afterAll(async () => {
    await server.close();
    await rig.close();
  });

  const issue = (person: string, more?: { expiresAt?: string; scope?: ["read"] }) =>
    rig.system.accounts.issueToken({ tenantId, person }, "test", more);

  async function call(method: string, path: string, headers: Record<string, string>, body?: object) {
    const response = await fetch(`${server.url}${path === "/session" ? "" : "/api/v1"}${path}`, {
      method,
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as object;
    return { ...answer, status: response.status, cookies: response.headers.getSetCookie() } as Answer;
  }

  /** As a browser keeps it: what is before the first semicolon. */
  async function signIn(given: object, headers: Record<string, string> = {}) {
    const begun = await call("POST", "/session", headers, given);
    return { ...begun, cookie: begun.cookies[0]?.split(";")[0] ?? "" };
  }
  const freeze = (headers: Record<string, string>) =>
    call("POST", "/freezes", headers, { reason: "the year ends", duration: "1h" });
  const person = (token: string) => signIn({ token });

  test("begins with a token, and says who is signed in, with what, until when", async () => {
    const token = await issue("max", { scope: ["read"] });
    const begun = await signIn({ token });
    expect(begun).toMatchObject({
      status: 200,
      person: "max",
      tenantId,
      tenants: [tenantId],
      roles: ["ReleaseManager"],
      limits: { scope: ["read"], environments: null },
      server: { version: "1.2.3" },
    });
    const port = new URL(server.url).port;
    expect(begun.cookies).toHaveLength(1);
    expect(begun.cookies[0]).toMatch(new RegExp(`^connectsoft-session-${port}=css_`));
    expect(begun.cookies[0]).toMatch(/HttpOnly/);
    expect(begun.cookies[0]).toMatch(/SameSite=Strict/);
    expect(begun.cookies[0]).not.toMatch(/Secure/);
    const shown = await call("GET", "/session", { cookie: begun.cookie });
    expect(shown).toMatchObject({ person: "max", csrfToken: begun.csrfToken, expiresAt: begun.expiresAt });
    const rows = JSON.stringify((await rig.pool.query("select * from connectsoft.sessions")).rows);
    expect(rows).not.toContain(begun.cookie.split("=")[1]);
  });

  test("has a __Host- cookie over TLS, as a trusted proxy says", async () => {
    const begun = await signIn({ token: await issue("max") }, { "x-forwarded-proto": "https" });
    expect(begun.cookies[0]).toMatch(
      /^__Host-connectsoft-session=.*Path=\/.*HttpOnly; Secure; SameSite=Strict/,
    );
  });

  test("acts as Studio with the roles of now, and only with the token of its own pages", async () => {
    const { cookie, csrfToken } = await person(await issue("max"));
    expect(await freeze({ cookie })).toMatchObject({ status: 403, code: "CsrfRefused" });
    expect(await freeze({ cookie, "x-csrf-token": sha256Hex("another") })).toMatchObject({
      code: "CsrfRefused",
    });
    const own = { cookie, "x-csrf-token": csrfToken };
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ])
      expect(await freeze({ ...own, ...headers })).toMatchObject({ status: 403, code: "CsrfRefused" });
    expect(await freeze({ ...own, origin: server.url, "sec-fetch-site": "same-origin" })).toMatchObject({
      status: 200,
    });
    const [entry] = await rig.system.journal.read(tenantId, { acts: ["AccessPermitted"] });
    expect(entry).toMatchObject({ actor: "max", data: { method: "studio" } });
  });

  test("is begun by no other site, by no form, and not by a machine", async () => {
    const token = await issue("max");
    expect(await signIn({ token }, { "sec-fetch-site": "cross-site" })).toMatchObject({
      code: "CsrfRefused",
    });
    const form = await fetch(`${server.url}/session`, {
      method: "POST",
      body: JSON.stringify({ token }),
    });
    expect(form.status).toBe(400);
    expect(form.headers.getSetCookie()).toEqual([]);
    expect(await signIn({ token: "cst_nothing" })).toMatchObject({ status: 401, code: "TokenUnknown" });
  });

  test("ends with the token that it was begun with", async () => {
    const token = await issue("max");
    const { cookie } = await person(token);
    await rig.system.accounts.revokeToken(tenantId, tokenIdOf(token), "ada");
    expect(await call("GET", "/deliveries", { cookie })).toMatchObject({ status: 401, code: "TokenRevoked" });
  });

  test("is listed, and ended by its person or by who manages tokens", async () => {
    const { cookie, csrfToken, id } = await person(await issue("jane"));
    const ada = { authorization: `Bearer ${await issue("ada")}` };
    const olga = { authorization: `Bearer ${await issue("olga")}` };
    const listed = (await (
      await fetch(`${server.url}/api/v1/sessions?all=true`, { headers: ada })
    ).json()) as object[];
    expect(listed).toContainEqual(expect.objectContaining({ id, person: "jane", with: "token" }));
    expect(await call("DELETE", `/sessions/${id}`, olga)).toMatchObject({ status: 403 });
    expect(await call("DELETE", `/sessions/${id}`, ada)).toMatchObject({ status: 200, person: "jane" });
    const refused = await call("GET", "/session", { cookie, "x-csrf-token": csrfToken });
    expect(refused).toMatchObject({ status: 401, code: "SessionExpired" });
    const again = await person(await issue("jane"));
    const own = { cookie: again.cookie, "x-csrf-token": again.csrfToken };
    const out = await call("DELETE", "/session", own);
    expect(out.cookies[0]).toMatch(/Max-Age=0/);
    expect(await call("GET", "/session", own)).toMatchObject({ code: "SessionExpired" });
    const ends = await rig.system.journal.read(tenantId, { acts: ["SessionEnded"] });
    expect(ends.map(({ actor }) => actor)).toEqual(["ada", "jane"]);
  });

  test("that is not used for long, or is old, asks to sign in again", async () => {
    const { cookie, id } = await person(await issue("jane"));
    const set = (column: string) =>
      rig.pool.query(
        `update connectsoft.sessions set ${column} = now() - interval '9 hours' where session_id = $1`,
        [id],
      );
    await set("last_used_at");
    expect(await call("GET", "/session", { cookie })).toMatchObject({ status: 401, code: "SessionExpired" });
    await rig.pool.query("update connectsoft.sessions set last_used_at = now() where session_id = $1", [id]);
    expect(await call("GET", "/session", { cookie })).toMatchObject({ status: 200 });
    await set("ends_at");
    expect(await call("GET", "/session", { cookie })).toMatchObject({ status: 401, code: "SessionExpired" });
  });

  test("is of one tenant where its token is", async () => {
    const { cookie } = await person(await issue("max"));
    const elsewhere = await call("GET", "/session", { cookie, "x-connectsoft-tenant": "globex" });
    expect(elsewhere).toMatchObject({ status: 403, code: "TenantForbidden" });
  });

  describe("by a link", () => {
    const link = async (who: string) =>
      String(
        (await call("POST", "/sign-in-links", { authorization: `Bearer ${await issue(who)}` }, {})).code,
      );

    test("signs in once; of two at the same time one is let in", async () => {
      const code = await link("max");
      const both = await Promise.all([signIn({ code }), signIn({ code })]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
      expect(both.find(({ status }) => status === 200)).toMatchObject({ person: "max" });
      expect(await signIn({ code })).toMatchObject({ status: 401, code: "TokenExpired" });
    });

    test("is too old after a quarter of an hour", async () => {
      const code = await link("max");
      await rig.pool.query("update connectsoft.sign_in_links set ends_at = now() - interval '1 second'");
      expect(await signIn({ code })).toMatchObject({ status: 401, code: "TokenExpired" });
    });

    test("is made by people alone", async () => {
      const declared = await rig.system.tenants.get(tenantId);
      await rig.system.tenants.put(
        { ...declared, serviceAccounts: [{ id: "ci", roles: ["Developer"] }] },
        "ada",
      );
      const headers = { authorization: `Bearer ${await issue("service:ci")}` };
      expect(await call("POST", "/sign-in-links", headers, {})).toMatchObject({ code: "TokenScope" });
      expect(await signIn({ token: await issue("service:ci") })).toMatchObject({ code: "TokenScope" });
    });
  });
});

/** People of a real OpenID Connect provider sign in with a browser. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { type Listening, listen } from "../../src/http/listen.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { audience, browse, clientId, startProvider, type TestProvider } from "./provider.ts";

describe("signing in with a browser at an OpenID Connect provider", () => {
  let rig: TestSystem;
  let provider: TestProvider;
  let server: Listening;

  const declare = (id = "vetclinic-001", keys = "", signIn = true) => {
    const text = `id: ${id}
people: [{ id: jane, roles: [Developer] }, { id: ada, roles: [StudioAdmin] }]
environments: [{ id: staging }]
${signIn ? `signIn:\n  issuer: ${provider.issuer}\n  clientId: ${clientId}\n  audience: ${audience}\n  parameters: { resource: "${audience}" }\n  ${keys}` : ""}
`;
    return rig.system.tenants.put(parseTenant(text, "tenant.yaml"), "ada", text);
  };
  const start = (back: string, tenant = "vetclinic-001") =>
    `${server.url}/sign-in/start?tenant=${tenant}&return=${encodeURIComponent(back)}`;
  const sessions = async () => (await rig.system.sessions.list("vetclinic-001")).length;

  beforeAll(async () => {
    [rig, provider] = await Promise.all([createTestSystem(), startProvider()]);
    server = await listen(appOf(rig.system), 0);
  });
  beforeEach(async () => {
    provider.account = { id: "jane", claims: {} };
    await declare();
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
    await rig.close();
  });

  test("comes back to the page that was asked for, with a session of the person", async () => {
    const { text, url } = await browse(start("/session"));
    expect(url.origin).toBe(server.url);
    expect(JSON.parse(text)).toMatchObject({
      person: "jane",
      roles: ["Developer"],
      tenants: ["vetclinic-001"],
    });
  });

  test.each(["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])(
    "never comes back to %s",
    async (back) => {
      const { url } = await browse(start(back));
      expect(url.href).toBe(`${server.url}/`);
    },
  );

  test("lets nobody in who brings an answer that this browser did not ask for", async () => {
    const before = await sessions();
    const answer = await fetch(`${server.url}/sign-in/callback?code=stolen&state=any&iss=${provider.issuer}`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain("not begun in this browser");
    const begun = await fetch(start("/"), { redirect: "manual" });
    const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const forged = `${server.url}/sign-in/callback?code=stolen&state=another&iss=${provider.issuer}`;
    const refused = await fetch(forged, { headers: { cookie } });
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain("does not belong to this sign-in");
    expect(await sessions()).toBe(before);
  });

  test("says who is nobody here, without a word of theirs as HTML", async () => {
    provider.account = { id: "mallory", claims: {} };
    const { text, status } = await browse(start("/"));
    expect(status).toBe(401);
    expect(text).toContain("mallory signed in, and is no person of vetclinic-001.");
  });

  test("may change to every tenant that trusts the provider for the same token, and to no other", async () => {
    await declare("globex");
    await declare("initech", "algorithms: [ES256]");
    const begun = await browse(start("/session"));
    expect(JSON.parse(begun.text).tenants).toEqual(["vetclinic-001", "globex"]);
  });

  test("ends when the person is barred, and when the tenant has another provider", async () => {
    const { session, secret } = await signedIn();
    expect(await session(secret)).toMatchObject({ person: "jane" });
    await declare("vetclinic-001", "barred: [jane]");
    expect(await session(secret)).toMatchObject({ status: 401, code: "TokenRevoked" });
    await declare("vetclinic-001", "", false);
    expect(await session(secret)).toMatchObject({ status: 401, code: "SessionExpired" });
  });

  async function signedIn() {
    const identities = [{ tenantId: "vetclinic-001", person: "jane", groups: [] }];
    const { secret } = await rig.system.sessions.begin({
      tenantId: "vetclinic-001",
      person: "jane",
      origin: { kind: "provider", issuer: provider.issuer, identities },
      agent: "test",
    });
    const session = async (value: string) => {
      const cookie = `connectsoft-session-${new URL(server.url).port}=${value}`;
      return (await fetch(`${server.url}/session`, { headers: { cookie } })).json();
    };
    return { secret, session };
  }
});

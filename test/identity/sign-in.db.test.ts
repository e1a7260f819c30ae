/** People of a real OpenID Connect provider: signed in, let in, and refused by name. */

import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOpenIdProvider } from "../../src/adapters/identity/openid/openid-provider.ts";
import { clientSecretOf } from "../../src/cli/sign-in/client-secret.ts";
import { keepSignIn, keptSignIn } from "../../src/cli/sign-in/kept-sign-ins.ts";
import {
  revoke,
  signInByBrowser,
  signInByDevice,
  type Tokens,
} from "../../src/cli/sign-in/provider-client.ts";
import { signedIn } from "../../src/cli/sign-in/signed-in.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { type Listening, listen } from "../../src/http/listen.ts";
import { explainAccess } from "../../src/operations/access/explain-access.ts";
import { findSignIn } from "../../src/operations/accounts/find-sign-in.ts";
import { identifyCaller } from "../../src/operations/accounts/identify-caller.ts";
import { createToken } from "../../src/operations/accounts/manage-tokens.ts";
import { listPending } from "../../src/operations/list-pending.ts";
import { confirmPolicy } from "../../src/operations/policy-changes/decide-policy.ts";
import { proposePolicy } from "../../src/operations/policy-changes/propose-policy.ts";
import type { AgentContext, AgentOutcome } from "../../src/ports/agent.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { appOf } from "../support/app.ts";
import { digests } from "../support/digests.ts";
import { success } from "../support/scripted-agents.ts";
import { createTestSystem, exampleFolder, type TestSystem } from "../support/system.ts";
import { audience, browse, clientId, startProvider, type TestProvider } from "./provider.ts";

/** Production waits for people, however many have voted. */
async function waitsForMore({ invocation }: AgentContext): Promise<AgentOutcome> {
  const { environment = "", releaseId = "" } = invocation;
  const release = { releaseId, version: "1.0.0", environment };
  if (environment !== "production")
    return success(["ReleaseApproved", { ...release, reasons: [], digests: { ...digests } }]);
  const data = { ...release, roles: ["ReleaseManager"], minApprovers: 2, digests: { ...digests } };
  const wakeOn = ["ApprovalGranted" as const];
  return { status: "Delayed", summary: "waits", wakeOn, emits: [{ name: "ApprovalRequested", data }] };
}

describe("signing in at an OpenID Connect provider", () => {
  let rig: TestSystem;
  let provider: TestProvider;
  let server: Listening;
  let aheadMs: number;

  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const declaration = (keys = "", id = "vetclinic-001") => `id: ${id}
people: [{ id: jane, roles: [Developer] }, { id: max, roles: [] }, { id: ada, roles: [StudioAdmin] }]
environments: [{ id: staging }, { id: production }]
signIn:
  issuer: ${provider.issuer}
  clientId: ${clientId}
  audience: ${audience}
  parameters: { resource: "${audience}" }
  groups: { release-managers: [ReleaseManager] }
  ${keys}
`;
  const declare = (text: string) => {
    const tenant = parseTenant(text, "tenant.yaml");
    return rig.system.tenants.put(tenant, "ada", text);
  };

  beforeEach(async () => {
    aheadMs = 0;
    [rig, provider] = await Promise.all([
      createTestSystem({ EvaluateRelease: waitsForMore }),
      startProvider(),
    ]);
    await declare(declaration());
    rig.system.identity = createOpenIdProvider({ clock, cooldownMs: 0 });
    const app = appOf(rig.system, { metrics: rig.metrics.text, refused: rig.metrics.refused });
    server = await listen(app, 0);
  });
  afterEach(async () => {
    await server.close();
    await provider.close();
    await rig.close();
  });

  async function offer() {
    const found = await findSignIn(rig.system, undefined);
    if (found === undefined) throw new Error("no sign-in is declared");
    return found;
  }

  /** As the command line does it; the browser follows the printed address. */
  async function signIn(
    change?: (redirect: URL) => URL,
    begin: (url: URL) => URL = (url) => url,
  ): Promise<Tokens> {
    const ended = new AbortController();
    let browsed: Promise<unknown> = Promise.resolve();
    const tokens = await signInByBrowser(await offer(), {
      signal: ended.signal,
      show(url) {
        browsed = browse(begin(new URL(url)).href, change === undefined ? {} : { change }).catch((error) =>
          ended.abort(error),
        );
      },
    });
    await browsed;
    return tokens;
  }

  async function call(token: string, at = "/api/v1/deliveries", init: RequestInit = {}) {
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}${at}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const refusals = async () =>
    (await rig.system.journal.read("vetclinic-001", { acts: ["CallerRefused"] })).map(({ data }) => [
      data.code,
      data.message,
    ]);

  test("lets a person in as who they are, with what they may", async () => {
    const { accessToken, refreshToken, expiresAt } = await signIn();
    expect([typeof refreshToken, typeof expiresAt]).toEqual(["string", "string"]);
    expect(await call(accessToken)).toMatchObject({ status: 200 });
    const handedOver = await call(accessToken, "/api/v1/deliveries", {
      method: "POST",
      body: JSON.stringify({ source: { kind: "folder", path: exampleFolder } }),
    });
    expect(handedOver).toMatchObject({ status: 200 });
    const denied = await call(accessToken, "/api/v1/tokens", {
      method: "POST",
      body: JSON.stringify({ person: "ada" }),
    });
    expect(denied).toMatchObject({ status: 403, body: { code: "TenantForbidden" } });
  });

  test("adds what a person's groups are worth, and a group of a strange name nothing", async () => {
    provider.account = { id: "max", claims: { groups: ["release-managers", "constructor", "__proto__"] } };
    const { accessToken } = await signIn();
    const freeze = await call(accessToken, "/api/v1/tokens?all=true");
    expect(freeze).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("max (ReleaseManager)") },
    });
  });

  test("lets in by groups whom the tenant does not name only where it says so, and such a person sponsors nothing", async () => {
    provider.account = { id: "zoe", claims: { groups: ["release-managers"] } };
    const { accessToken } = await signIn();
    expect(await call(accessToken)).toMatchObject({ status: 401, body: { code: "TokenUnknown" } });
    await declare(
      declaration("admitGroups: true").replace("[ReleaseManager]", "[ReleaseManager, Developer]"),
    );
    expect(await call(accessToken)).toMatchObject({ status: 200 });
    const handedOver = await call(accessToken, "/api/v1/deliveries", {
      method: "POST",
      body: JSON.stringify({ source: { kind: "folder", path: exampleFolder } }),
    });
    expect(handedOver).toMatchObject({ status: 403, body: { code: "SponsorMissing" } });
    provider.account = { id: "zoe", claims: { groups: ["cooks"] } };
    expect(await call((await signIn()).accessToken)).toMatchObject({
      status: 401,
      body: { code: "TokenUnknown" },
    });
  });

  test("lets people whom groups alone admit sponsor and vote, for as long as their last sign-in says so", async () => {
    const { system } = rig;
    await declare(
      declaration("admitGroups: true\n  groupsHold: 12h").replace(
        "[ReleaseManager] }",
        "[ReleaseManager], developers: [Developer] }",
      ),
    );
    const tokenOf = async (id: string, ...groups: string[]) => {
      provider.account = { id, claims: { groups } };
      return (await signIn()).accessToken;
    };
    const zoe = await tokenOf("zoe", "developers");
    const handedOver = await call(zoe, "/api/v1/deliveries", {
      method: "POST",
      body: JSON.stringify({ source: { kind: "folder", path: exampleFolder } }),
    });
    expect(handedOver).toMatchObject({ status: 200 });
    const subject = handedOver.body.subject as Subject;
    await rig.until(subject, (_sentence, kind) => kind === "waiting");
    const approve = (token: string) =>
      call(token, "/api/v1/releases/release-000002/approve", { method: "POST", body: "{}" });
    expect(await approve(zoe)).toMatchObject({ status: 403, body: { code: "UnauthorizedApprover" } });
    const yan = await tokenOf("yan", "release-managers");
    expect(await approve(yan)).toMatchObject({ status: 200 });
    const votes = async () =>
      (await listPending(system, rig.as("ada"))).map(({ sponsor, votes: cast }) => [
        sponsor,
        ...cast.map(({ by, counts, note }) => [by, counts, note]),
      ]);
    await expect.poll(votes).toEqual([["zoe", ["yan", true, "counts"]]]);
    // The provider says that yan is one no more: they are let in no more, and their vote is nobody's.
    const left = await tokenOf("yan", "cooks");
    expect(await call(left)).toMatchObject({ status: 401, body: { code: "TokenUnknown" } });
    await expect
      .poll(votes)
      .toEqual([["zoe", ["yan", false, "yan does not belong to vetclinic-001 any more."]]]);
    await declare(declaration("admitGroups: true\n  groupsHold: 12h\n  barred: [zoe]"));
    expect(await call(zoe)).toMatchObject({ status: 401, body: { code: "TokenRevoked" } });
  });

  test("people whom groups admit confirm a change of policy, own service accounts and are known to policy explain", async () => {
    const { system, as } = rig;
    const text = declaration("admitGroups: true\n  groupsHold: 12h").replace(
      "[ReleaseManager] }",
      "[ReleaseManager], developers: [Developer] }",
    );
    await declare(`${text}serviceAccounts: [{ id: ci, owner: zoe, roles: [Developer] }]\n`);
    const tokenOf = async (id: string, ...groups: string[]) => {
      provider.account = { id, claims: { groups } };
      return (await signIn()).accessToken;
    };
    const zoe = await tokenOf("zoe", "developers");
    const yan = await tokenOf("yan", "release-managers");
    expect([await call(zoe), await call(yan)]).toMatchObject([{ status: 200 }, { status: 200 }]);

    expect(await explainAccess(system, as("ada"), { who: "zoe", what: "hand-over" })).toMatchObject({
      allowed: true,
      roles: ["Developer"],
    });
    const { token } = await createToken(system, as("ada"), { person: "service:ci" });
    expect(await identifyCaller(system, { token, method: "api" })).toMatchObject({
      caller: { person: "service:ci", owner: "zoe" },
    });

    const releasePolicy = "releasePolicy: { environments: { staging: { requireScan: true } } }\n";
    const proposed = await proposePolicy(system, as("ada"), {
      text: `${text}${releasePolicy}`,
      file: "tenant.yaml",
      reason: "staging is scanned from now on",
    });
    expect(proposed).toMatchObject({ mayConfirm: ["yan"] });
    const caller = await identifyCaller(system, { token: yan, method: "api" });
    if (!("caller" in caller) || !("proposal" in proposed)) throw new Error("yan should be let in");
    const confirmed = await confirmPolicy(system, caller.caller, {
      proposal: proposed.proposal,
      comment: "",
    });
    expect(confirmed).toMatchObject({ how: "second person" });
  });

  test("an old token brings back no group that is gone, and who has none is not kept", async () => {
    const { signIns } = rig.system;
    const said = { person: "yan", issuer: provider.issuer };
    const tenantId = "vetclinic-001";
    expect(await signIns.keep(tenantId, { ...said, groups: [], at: "2026-11-22T10:00:00.000Z" })).toBe(false);
    expect(await signIns.list(tenantId)).toEqual([]);
    const first = { ...said, groups: ["release-managers"], at: "2026-11-22T10:00:00.000Z" };
    expect(await signIns.keep(tenantId, first)).toBe(false);
    const second = { ...said, groups: [], at: "2026-11-22T11:00:00.000Z" };
    expect(await signIns.keep(tenantId, second)).toBe(true);
    expect(await signIns.keep(tenantId, first)).toBe(false);
    expect(await signIns.list(tenantId)).toEqual([second]);
    expect(await signIns.list("globex")).toEqual([]);
  });

  test("an expired token is refused by name, after a small leeway", async () => {
    const { accessToken } = await signIn();
    aheadMs = 620_000;
    expect(await call(accessToken)).toMatchObject({ status: 200 });
    aheadMs = 640_000;
    expect(await call(accessToken)).toMatchObject({ status: 401, body: { code: "TokenExpired" } });
    expect(await refusals()).toMatchObject([["TokenExpired", expect.any(String)]]);
  });

  test("a token for another audience is refused, and so is an ID token", async () => {
    provider.resource = "https://other.example/api";
    await declare(declaration().replace(`parameters: { resource: "${audience}" }`, "parameters: {}"));
    const { accessToken } = await signIn();
    expect(await call(accessToken)).toMatchObject({
      status: 401,
      body: { code: "TokenInvalid", detail: expect.stringContaining(`not for ${audience}`) },
    });
    const keyed = await forger();
    const idToken = await keyed({ aud: clientId });
    expect(await call(idToken)).toMatchObject({ status: 401, body: { code: "TokenInvalid" } });
  });

  /** Signs what looks like the provider's tokens with a key of its own. */
  async function forger() {
    const { privateKey } = await generateKeyPair("RS256");
    return (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT({ iss: provider.issuer, aud: audience, sub: "ada", exp: 4_000_000_000, ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "mine", ...header })
        .sign(privateKey);
  }

  test("forged tokens are refused by name: issuer, signature, algorithm, key, time", async () => {
    const { accessToken } = await signIn();
    const forge = await forger();
    const [head = "", body = "", signature = ""] = accessToken.split(".");
    const { kid } = JSON.parse(Buffer.from(head, "base64url").toString());
    const changed = JSON.parse(Buffer.from(body, "base64url").toString());
    const asAda = Buffer.from(JSON.stringify({ ...changed, sub: "ada" })).toString("base64url");
    const none = new UnsecuredJWT({
      iss: provider.issuer,
      aud: audience,
      sub: "ada",
      exp: 4_000_000_000,
    }).encode();
    const published = await (await fetch(`${provider.issuer}/jwks`)).text();
    const bySecret = await new SignJWT({
      iss: provider.issuer,
      aud: audience,
      sub: "ada",
      exp: 4_000_000_000,
    })
      .setProtectedHeader({ alg: "HS256", kid })
      .sign(new TextEncoder().encode(published));
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const brought = await new SignJWT({ iss: provider.issuer, aud: audience, sub: "ada", exp: 4_000_000_000 })
      .setProtectedHeader({ alg: "RS256", jwk: await exportJWK(publicKey), jku: "http://127.0.0.1:1/jwks" })
      .sign(privateKey);
    const attacks: [string, string, RegExp][] = [
      ["wrong issuer", await forge({ iss: "https://evil.example" }), /no tenant here trusts its issuer/],
      ["unknown key", await forge({}), /no key of .* signed it/],
      ["the provider's key id", await forge({}, { kid }), /signature is not the provider's/],
      ["changed claims", `${head}.${asAda}.${signature}`, /signature is not the provider's/],
      ["no signature", none, /not signed by one of/],
      ["a cut signature", `${head}.${body}.`, /signature is not|no signed token/],
      ["the public key as a secret", bySecret, /not signed by one of/],
      ["a key that it brings itself", brought, /no key of|signature is not the provider's/],
    ];
    for (const [name, token, why] of attacks) {
      const { status, body: problem } = await call(token);
      expect([name, status, problem.code, problem.detail]).toEqual([
        ...[name, 401, "TokenInvalid"],
        expect.stringMatching(why),
      ]);
    }
    expect((await refusals()).length).toBeGreaterThanOrEqual(attacks.length);
  });

  test("keys that the provider changed are fetched again, and the ones of before let nobody in", async () => {
    const before = await signIn();
    expect(await call(before.accessToken)).toMatchObject({ status: 200 });
    await provider.rotateKeys();
    const after = await signIn();
    expect(await call(after.accessToken)).toMatchObject({ status: 200 });
    expect(await call(before.accessToken)).toMatchObject({ status: 401, body: { code: "TokenInvalid" } });
  });

  test("a provider that is away is said to be, and tokens made here work on", async () => {
    const { accessToken } = await signIn();
    rig.system.identity = createOpenIdProvider({ clock, cooldownMs: 0 });
    await provider.close();
    expect(await call(accessToken)).toMatchObject({ status: 503, body: { code: "Unavailable" } });
    const own = await rig.system.accounts.issueToken({ tenantId: "vetclinic-001", person: "jane" }, "test");
    expect(await call(own)).toMatchObject({ status: 200 });
  });

  test("a person who was removed is let in no more, though the provider still knows them", async () => {
    const { accessToken } = await signIn();
    await declare(declaration().replace("{ id: jane, roles: [Developer] }, ", ""));
    expect(await call(accessToken)).toMatchObject({ status: 401, body: { code: "TokenUnknown" } });
  });

  test("a token that two tenants would take goes to the one that is named", async () => {
    await declare(declaration("", "other-002"));
    const { accessToken } = await signInTo("vetclinic-001");
    expect(await call(accessToken)).toMatchObject({ status: 401, body: { code: "TokenInvalid" } });
    const named = (tenant: string) =>
      call(accessToken, "/api/v1/tenant", { headers: { "x-connectsoft-tenant": tenant } });
    expect(await named("other-002")).toMatchObject({ status: 200, body: { tenantId: "other-002" } });
    expect(await named("third-003")).toMatchObject({ status: 401 });
  });

  async function signInTo(tenantId: string): Promise<Tokens> {
    const found = await findSignIn(rig.system, tenantId);
    if (found === undefined) throw new Error(`${tenantId} offers no sign-in`);
    return signInByBrowser(found, {
      signal: AbortSignal.timeout(30_000),
      show: (url) => void browse(url),
    });
  }

  test.each([
    ["another state", (url: URL) => set(url, "state", "mine"), "TokenInvalid"],
    ["another issuer", (url: URL) => set(url, "iss", "https://evil.example"), "TokenInvalid"],
    ["a code that was never given", (url: URL) => set(url, "code", "made-up"), "TokenExpired"],
  ])("an answer with %s signs nobody in", async (_, change, code) => {
    await expect(signIn(change)).rejects.toMatchObject({ refusal: { code } });
  });

  test.each([
    ["another nonce", "nonce", "TokenInvalid"],
    ["another code challenge", "code_challenge", "TokenExpired"],
  ])("a sign-in that was begun with %s signs nobody in", async (_, name, code) => {
    const value = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    await expect(signIn(undefined, (url) => set(url, name, value))).rejects.toMatchObject({
      refusal: { code },
    });
  });

  function set(url: URL, name: string, value: string): URL {
    url.searchParams.set(name, value);
    return url;
  }

  test("a code that was used once is good for nothing", async () => {
    let code = "";
    await signIn((url) => {
      code = url.searchParams.get("code") ?? "";
      return url;
    });
    await expect(signIn((url) => set(url, "code", code))).rejects.toMatchObject({
      refusal: { code: "TokenExpired" },
    });
  });

  describe("on the command line", () => {
    let folder: string;
    let env: NodeJS.ProcessEnv;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-sign-in-"));
      env = { XDG_CONFIG_HOME: folder };
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    test("a sign-in is kept for its account alone, refreshed before it ends, and gone after logout", async () => {
      provider.life = 20;
      const tokens = await signIn();
      await keepSignIn(env, server.url, { offer: await offer(), tokens });
      const file = path.join(folder, "connectsoft", "sign-ins.json");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      provider.life = 600;
      const now = await signedIn(env, server.url);
      expect(now?.token).not.toBe(tokens.accessToken);
      expect(await call(now?.token ?? "")).toMatchObject({ status: 200 });
      expect(await signedIn(env, server.url)).toEqual(now);
      expect(await signedIn(env, "http://other")).toBeUndefined();
      const kept = await keptSignIn(env, server.url);
      await revoke(await offer(), kept?.tokens.refreshToken ?? "", await clientSecretOf(env, await offer()));
      await keepSignIn(env, server.url, {
        offer: await offer(),
        tokens: { ...kept?.tokens, accessToken: "", expiresAt: "2020-01-01T00:00:00Z" },
      });
      await expect(signedIn(env, server.url)).rejects.toMatchObject({ refusal: { code: "TokenExpired" } });
      expect(await readFile(file, "utf8")).not.toContain(tokens.accessToken);
    });

    test("on a machine without a browser another device signs in", async () => {
      const ended = new AbortController();
      const tokens = await signInByDevice(await offer(), {
        signal: ended.signal,
        code: (code) => expect(code).toMatch(/^....-....$/),
        show: (url) => void browse(url).catch((error) => ended.abort(error)),
      });
      expect(await call(tokens.accessToken)).toMatchObject({ status: 200 });
    });
  });
});

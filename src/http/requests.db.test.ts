/** What holds for every request of the API: how often, once by a key, and not again where it is known. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { type Listening, listen } from "./listen.ts";

const tenantId = "vetclinic-001";
let rig: TestSystem;
let server: Listening;
let limited: Listening;
beforeAll(async () => {
  rig = await createTestSystem();
  server = await listen(appOf(rig.system), 0);
  limited = await listen(appOf(rig.system, { rateLimit: 3, trustProxy: true }), 0);
});
afterAll(async () => {
  await server.close();
  await limited.close();
  await rig.close();
});

const bearer = async (person: string) => ({
  authorization: `Bearer ${await rig.system.accounts.issueToken({ tenantId, person }, "test")}`,
});

describe("Idempotency-Key", () => {
  const freezes = async () =>
    (await rig.system.journal.read(tenantId, { acts: ["FreezeSet"] })).map(({ data }) => data.id);
  async function freeze(headers: Record<string, string>, reason: string) {
    const id = reason.replaceAll(" ", "-");
    // Done again it is the same one: it does not begin at the moment of the request.
    const body = JSON.stringify({ id, reason, start: "2099-01-01T10:00", duration: "1h" });
    const answer = await fetch(`${server.url}/api/v1/freezes`, { method: "POST", headers, body });
    const replayed = answer.headers.get("idempotency-replayed");
    return { status: answer.status, replayed, body: (await answer.json()) as Record<string, unknown> };
  }

  test("does once what is asked several times at once, and answers all alike", async () => {
    const headers = { ...(await bearer("max")), "idempotency-key": "one" };
    const answers = await Promise.all([1, 2, 3, 4].map(() => freeze(headers, "at once")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === "true")).toHaveLength(3);
    expect((await freezes()).filter((id) => id === "at-once")).toHaveLength(1);
  });

  test("is of one request, one person and one operation", async () => {
    const max = { ...(await bearer("max")), "idempotency-key": "two" };
    expect((await freeze(max, "first")).status).toBe(200);
    expect(await freeze(max, "second")).toMatchObject({
      status: 422,
      body: { code: "IdempotencyKeyReused" },
    });
    const ada = { ...(await bearer("ada")), "idempotency-key": "two" };
    expect(await freeze(ada, "second")).not.toMatchObject({ body: { code: "IdempotencyKeyReused" } });
  });

  test("answers a refusal again, without the act being tried again", async () => {
    const headers = { ...(await bearer("jane")), "idempotency-key": "three" };
    const first = await freeze(headers, "not mine to do");
    const again = await freeze(headers, "not mine to do");
    expect(first).toMatchObject({ status: 403, replayed: null });
    expect(again).toEqual({ ...first, replayed: "true" });
  });

  test("keeps no secret: what is shown once is not shown again", async () => {
    const headers = { ...(await bearer("jane")), "idempotency-key": "four" };
    const ask = () =>
      fetch(`${server.url}/api/v1/tokens`, { method: "POST", headers, body: '{"person":"jane"}' });
    const { token } = (await (await ask()).json()) as { token: string };
    const again = (await (await ask()).json()) as object;
    expect(again).toMatchObject({ status: 409, code: "Conflict" });
    const { rows } = await rig.pool.query("select * from connectsoft.idempotent_answers");
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(
      (await rig.system.accounts.listTokens(tenantId, "jane")).filter(
        ({ label }) => label === "made on the command line",
      ),
    ).toHaveLength(1);
  });

  test("is forgotten after a day, and taken over from a server that died", async () => {
    const headers = { ...(await bearer("max")), "idempotency-key": "five" };
    await freeze(headers, "yesterday");
    await rig.pool.query(
      "update connectsoft.idempotent_answers set began_at = began_at - interval '25 hours'",
    );
    expect(await freeze(headers, "today")).toMatchObject({ status: 200, replayed: null });
    await rig.pool.query(
      "update connectsoft.idempotent_answers set status = null, body = null, began_at = began_at - interval '6 minutes'",
    );
    expect(await freeze(headers, "today")).toMatchObject({ status: 200, replayed: null });
  });
});

describe("ETag", () => {
  test("spares a caller what they have, until it is something else", async () => {
    const headers = await bearer("max");
    const ask = (tag = "") =>
      fetch(`${server.url}/api/v1/freezes`, {
        headers: { ...headers, ...(tag && { "if-none-match": tag }) },
      });
    const first = await ask();
    const tag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    for (const given of [tag, `W/${tag}`, `"another", ${tag}`]) {
      const again = await ask(given);
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
    await fetch(`${server.url}/api/v1/freezes`, {
      method: "POST",
      headers,
      body: JSON.stringify({ reason: "news", duration: "1h" }),
    });
    expect((await ask(tag)).status).toBe(200);
  });
});

describe("limits", () => {
  test("let a caller ask so often, say what is left, and let others ask", async () => {
    const [max, ada] = [await bearer("max"), await bearer("ada")];
    const ask = (headers: Record<string, string>) => fetch(`${limited.url}/api/v1/flows`, { headers });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) statuses.push((await ask(max)).status);
    expect(statuses).toEqual([200, 200, 200]);
    const refused = await ask(max);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("ratelimit-policy")).toBe('"caller";q=3;w=10');
    expect(refused.headers.get("ratelimit")).toMatch(/^"caller";r=0;t=\d+$/);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      code: "TooManyRequests",
      next: expect.stringMatching(/seconds/),
    });
    expect((await ask(ada)).status).toBe(200);
  });

  test("tell an address that fails too often to wait, and hold up nobody who is let in", async () => {
    const from = (address: string, authorization: string) =>
      fetch(`${limited.url}/api/v1/flows`, { headers: { authorization, "x-forwarded-for": address } });
    const statuses: number[] = [];
    for (let count = 0; count < 32; count++)
      statuses.push((await from("192.0.2.7", "Bearer cst_guess")).status);
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(30)).toEqual([429, 429]);
    expect((await from("192.0.2.8", "Bearer cst_guess")).status).toBe(401);
    expect((await from("192.0.2.7", (await bearer("olga")).authorization)).status).toBe(200);
  });
});

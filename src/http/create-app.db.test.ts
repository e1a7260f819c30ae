import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, exampleFolder, type TestSystem } from "../../test/support/system.ts";
import { type Listening, listen } from "./listen.ts";

describe("the HTTP face on a real port", () => {
  let rig: TestSystem;
  let server: Listening;
  let tokens: Record<string, string>;
  let ready: string | undefined;

  beforeEach(async () => {
    rig = await createTestSystem();
    const issue = (person: string) =>
      rig.system.accounts.issueToken({ tenantId: "vetclinic-001", person }, "test");
    tokens = { jane: await issue("jane"), max: await issue("max"), gone: await issue("gone") };
    ready = undefined;
    const app = appOf(rig.system, {
      readiness: async () => ready,
      metrics: rig.metrics.text,
      refused: rig.metrics.refused,
    });
    server = await listen(app, 0);
  });
  afterEach(async () => {
    await server.close();
    await rig.close();
  });

  const call = (path: string, init: RequestInit & { as?: string } = {}) =>
    fetch(`${server.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${tokens[init.as ?? "jane"]}`, ...init.headers },
    });
  const source = { kind: "folder", path: exampleFolder };
  const handOver = (body: object) =>
    call("/api/v1/deliveries", { method: "POST", body: JSON.stringify(body) });

  test("is closed without a token, with a wrong one, and for who left the tenant", async () => {
    for (const token of ["", "cst_nonsense", tokens.gone]) {
      const response = await call("/api/v1/deliveries", { headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(401);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("says health, readiness and metrics to anybody on this machine", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    ready = "the database is away";
    const away = await fetch(`${server.url}/readyz`);
    expect([away.status, await away.text()]).toEqual([503, "not ready: the database is away\n"]);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain(
      "# TYPE release_approved_total counter",
    );
  });

  test.each([
    [{ source, traceId: "../up" }, 400, "InputInvalid"],
    [{ source, tenantId: "other" }, 403, "TenantForbidden"],
    [{ source: { kind: "folder", path: "/not/there" } }, 422, "ModuleInvalid"],
    [{ source: { kind: "ftp" } }, 400, "InputInvalid"],
  ])("answers %j with a problem that has a code and a way on", async (body, status, code) => {
    const response = await handOver(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      status,
      code,
      detail: expect.any(String),
      next: expect.any(String),
    });
  });

  test("refuses a body that is no JSON object, and one that is too large", async () => {
    const post = (body: string) => call("/api/v1/deliveries", { method: "POST", body });
    expect((await post("[1]")).status).toBe(400);
    expect((await post("{")).status).toBe(400);
    expect((await post(`"${"x".repeat(1_100_000)}"`)).status).toBe(413);
  });

  test("streams what happened and what happens, and goes on after the last event that was seen", async () => {
    const { subject } = (await (await handOver({ source })).json()) as { subject: Record<string, string> };
    const path = `/api/v1/deliveries/${subject.tenantId}/${subject.traceId}/${subject.moduleId}`;
    const first = await readStream(`${path}/events`, {}, (names) => names.includes("ApprovalRequested"));
    expect(first.names[0]).toBe("ModuleReady");
    expect(first.ids).toEqual(first.ids.map((_, index) => index + 1));
    const last = Math.max(...first.ids);
    const vote = await call("/api/v1/releases/release-000002/approve", {
      method: "POST",
      as: "max",
      body: JSON.stringify({ comment: "looks right" }),
    });
    expect(vote.status).toBe(200);
    const second = await readStream(`${path}/events`, { "last-event-id": String(last) }, (names) =>
      names.includes("ReleasePublished"),
    );
    expect(second.ids[0]).toBe(last + 1);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('release_approved_total{tenant="vetclinic-001",env="production"} 1');
    expect(metrics).toMatch(/open_deliveries\{tenant="vetclinic-001",env="production",state="live"\} 1/);
  });

  async function readStream(
    path: string,
    headers: Record<string, string>,
    enough: (names: string[]) => boolean,
  ) {
    const ended = new AbortController();
    const response = await call(path, {
      headers: { accept: "text/event-stream", ...headers },
      signal: ended.signal,
    });
    const names: string[] = [];
    const ids: number[] = [];
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        if (id === undefined) continue;
        ids.push(Number(id));
        names.push(/^event: (\w+)$/m.exec(block)?.[1] ?? "");
      }
      if (enough(names)) break;
    }
    ended.abort();
    return { names, ids };
  }
});

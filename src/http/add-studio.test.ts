import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addStudio } from "./add-studio.ts";
import { secureAnswers } from "./secure-answers.ts";

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, br" };
let folder: string;
let app: Hono;

function studioIn(place: string): Hono {
  const made = new Hono();
  secureAnswers(made, { trustProxy: true });
  made.get("/api/v1/deliveries", (context) => context.json([]));
  addStudio(made, place);
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-studio-"));
  await mkdir(path.join(folder, "assets"));
  await writeFile(path.join(folder, "index.html"), "<title>Studio</title>");
  await writeFile(path.join(folder, "index.html.br"), "page in br");
  await writeFile(path.join(folder, "assets/index-abc.js"), "run()");
  await writeFile(path.join(folder, "assets/index-abc.js.br"), "script in br");
  await writeFile(path.join(folder, ".built-from"), "digest");
  app = studioIn(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe("Studio's files", () => {
  test.each(["/", "/deliveries", "/deliveries/acme/trace-1/shop/artifacts/SBOM.json", "/sign-in"])(
    "%s is its page, which is asked for again each time",
    async (address) => {
      const answer = await app.request(address, { headers: { accept: "text/html" } });
      expect(await answer.text()).toBe("<title>Studio</title>");
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      const headers = { ...browser, "if-none-match": answer.headers.get("etag") ?? "" };
      expect((await app.request(address, { headers })).status).toBe(304);
    },
  );

  test("are sent compressed as they were built, and kept for good where their name is of their bytes", async () => {
    const answer = await app.request("/assets/index-abc.js", { headers: browser });
    expect(await answer.text()).toBe("script in br");
    expect(answer.headers.get("content-encoding")).toBe("br");
    expect(answer.headers.get("content-type")).toMatch(/javascript/);
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(answer.headers.get("vary")).toMatch(/accept-encoding/i);
  });

  test.each(["/assets/index-old.js", "/.built-from", "/../package.json", "/%2e%2e/package.json", "/assets"])(
    "%s is nothing for a script",
    async (address) => {
      expect((await app.request(address, { headers: { accept: "*/*" } })).status).toBe(404);
    },
  );

  test.each(["/api/v1/nothing", "/docs/nothing", "/git/acme/shop.git", "/healthz/x"])(
    "%s is the server's own, and no page",
    async (address) => {
      expect((await app.request(address, { headers: browser })).status).toBe(404);
    },
  );

  test("say how they are built where they are not", async () => {
    const answer = await studioIn(path.join(folder, "nowhere")).request("/", { headers: browser });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("vite build studio");
  });
});

describe("every answer", () => {
  test("lets a browser load, run and send what is this server's alone", async () => {
    for (const address of ["/", "/api/v1/deliveries", "/api/v1/nothing"]) {
      const { headers } = await app.request(address, { headers: browser });
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).toMatch(/base-uri 'none'/);
      expect(policy).toMatch(/form-action 'self'/);
      expect(policy).not.toMatch(/unsafe/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("permissions-policy")).toMatch(/camera=\(\)/);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.has("strict-transport-security")).toBe(false);
    }
  });

  test("asks for TLS from then on where it came over TLS", async () => {
    const { headers } = await app.request("/", { headers: { ...browser, "x-forwarded-proto": "https" } });
    expect(headers.get("strict-transport-security")).toMatch(/max-age=/);
  });
});

/** The page that shows the HTTP API, under the server's own content security policy. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Listening, listen } from "../../src/http/listen.ts";
import { tagOf } from "../../src/http/openapi/tags.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";
import { launchBrowser } from "./support/chromium.ts";

let stage: TestSystem;
let server: Listening;
let browser: Browser;
beforeAll(async () => {
  stage = await createTestSystem();
  server = await listen(appOf(stage.system), 0);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await stage.close();
});

test("shows the operations by their tags, complains of nothing, and loads nothing from elsewhere", async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => {
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const isInPage = /^(data|blob):/.test(request.url());
    if (!isInPage && !request.url().startsWith(server.url)) elsewhere.push(request.url());
  });
  await page.goto(`${server.url}/docs`);
  await page.locator(".opblock-tag").first().waitFor({ timeout: 120_000 });
  const shown = await page.locator(".opblock-tag").evaluateAll((tags) => tags.map((tag) => tag.dataset.tag));
  expect(shown.sort()).toEqual([...new Set(catalogue.map(({ path }) => tagOf(path)))].sort());
  expect(complaints).toEqual([]);
  expect(elsewhere).toEqual([]);
});

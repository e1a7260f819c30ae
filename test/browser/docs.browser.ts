/** The page that shows the HTTP API, under the server's own content security policy. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tagOf } from "../../src/http/openapi/tags.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { createStudioSite, type StudioSite } from "./support/studio-site.ts";

let site: StudioSite;
beforeAll(async () => {
  site = await createStudioSite();
  await site.ok(["studio", "--json"]);
});
afterAll(() => site.close());

test("shows the operations by their tags, complains of nothing, and loads nothing from elsewhere", async () => {
  const page = await site.stranger();
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const isInPage = /^(data|blob):/.test(request.url());
    if (!isInPage && !request.url().startsWith(site.url())) elsewhere.push(request.url());
  });
  await page.goto(`${site.url()}/docs`);
  await page.locator(".opblock-tag").first().waitFor();
  const shown = await page.locator(".opblock-tag").evaluateAll((tags) => tags.map((tag) => tag.dataset.tag));
  expect(shown.sort()).toEqual([...new Set(catalogue.map(({ path }) => tagOf(path)))].sort());
  expect(elsewhere).toEqual([]);
});

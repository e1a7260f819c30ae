/** A tenant of years: ten thousand deliveries and two hundred thousand events, walked through in a real window. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only } from "../e2e/support/events.ts";
import { writeModule } from "../e2e/support/modules.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { fillDeliveries, lengthenChain } from "../support/fill-deliveries.ts";
import { createStudioSite, phone, type StudioSite } from "./support/studio-site.ts";

const deliveries = 10_000;
const events = 200_000;
const longChain = 2_000;
/** However many there are, no more are drawn than a window holds a few times over. */
const mostRows = 80;

let database: TestDatabase;
let site: StudioSite;
let story: string;
let releaseId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  site = await createStudioSite({ env: { DATABASE_URL: database.url } });
  const folder = await writeModule(site.desk, { id: "rooms" });
  const { trace, events: chain } = await site.deliver(folder, ["--env", "staging"]);
  releaseId = String(only(chain, "ReleaseProposed").data.releaseId);
  await comment("max", "the first line of a long story");
  const { pool } = database;
  const subject = `local/${trace}/rooms`;
  const { length } = await site.events(trace);
  const chains = Math.ceil((events - longChain) / length);
  await fillDeliveries(pool, { subject, deliveries: deliveries - 1, chains, modules: 300 });
  await lengthenChain(pool, subject, longChain);
  const counted =
    "select (select count(*) from connectsoft.deliveries)::int as deliveries, (select count(*) from connectsoft.events)::int as events";
  const { rows } = await pool.query(counted);
  expect(rows[0].deliveries).toBe(deliveries);
  expect(rows[0].events).toBeGreaterThanOrEqual(events);
  story = `/deliveries/${trace}/rooms/timeline`;
});
afterAll(async () => {
  await site.close();
  await database.drop();
});

async function comment(person: string, text: string): Promise<void> {
  const answer = await fetch(`${site.server().url}/api/v1/releases/${releaseId}/comments`, {
    method: "POST",
    headers: { authorization: `Bearer ${await site.tokenOf(person)}`, "content-type": "application/json" },
    body: JSON.stringify({ comment: text }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

async function open(address: string, look = {}): Promise<Page> {
  const page = await site.window("max", look);
  await page.goto(`${site.url()}${address}`);
  return page;
}

const rows = (page: Page) => page.locator("li[data-index]");

/** To the end of what is there, until there is no more; resolves with the place of the last row. */
async function toTheEnd(page: Page): Promise<number> {
  for (;;) {
    const { index, all, drawn } = await page.evaluate(async () => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      await new Promise(requestAnimationFrame);
      const rows = [...document.querySelectorAll<HTMLElement>("li[data-index]")];
      const last = rows.at(-1);
      return {
        index: Number(last?.dataset.index),
        all: Number(last?.getAttribute("aria-setsize")),
        drawn: rows.length,
      };
    });
    expect(drawn).toBeLessThan(mostRows);
    if (all > 0 && index === all - 1) return index;
  }
}

test("the board is walked to its far end, is narrowed there, and draws no more than what is in sight", async () => {
  const page = await open("/deliveries");
  await page.getByText("10,000 deliveries").waitFor();
  expect(await toTheEnd(page)).toBe(deliveries - 1);
  // Rows get their height when they are drawn, so that the end may be a little further on than it was.
  const atTheEnd = async () => toTheEnd(page).then(() => rows(page).last().textContent());
  await expect.poll(atTheEnd).toContain("trace-000001");
  await page.getByRole("searchbox", { name: "Search" }).fill("service-007 person-7");
  await page.getByText(/^\d+ deliveries$/).waitFor();
  await expect.poll(() => rows(page).first().textContent()).toContain("service-007");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("button", { name: /^Cancelled/ }).click();
  await page.getByText("200 deliveries").waitFor();
});

test("an event is seen at once, and what is known of thousands is not read again for it", async () => {
  const page = await open("/deliveries");
  await page.getByText("10,000 deliveries").waitFor();
  const far = 500;
  const last = () => rows(page).last().getAttribute("data-index").then(Number);
  while ((await last()) < far) await page.evaluate(() => window.scrollBy(0, 10_000));
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/deliveries/search")) asked.push(request.url());
  });
  const folder = await writeModule(site.desk, { id: "newcomer" });
  await site.ok(["deliver", folder, "--env", "staging", "--detach"]);
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.getByText("10,001 deliveries").waitFor();
  await page
    .getByRole("link", { name: /newcomer/ })
    .getByText("Live", { exact: true })
    .first()
    .waitFor();
  // Each time the newest page, and one or two that are in sight.
  const times = asked.filter((url) => !url.includes("cursor=")).length;
  expect(times).toBeGreaterThan(0);
  expect(asked.length).toBeLessThanOrEqual(times * 3);
});

test.each([
  ["desktop", {}],
  ["phone", { viewport: phone }],
])(
  "a timeline of two thousand events is read to its end, and draws no more than what is in sight: %s",
  async (_, look) => {
    const page = await open(`${story}?order=time`, look);
    await page.getByText(/of 2,000 events/).waitFor();
    const atTheEnd = async () => toTheEnd(page).then(() => rows(page).last().textContent());
    await expect.poll(atTheEnd).toContain(`line ${longChain} of a long story`);
    await page.getByRole("searchbox", { name: "Find in the timeline" }).fill("line 1234 of");
    await page.getByText("line 1234 of a long story").waitFor();
    expect(await rows(page).count()).toBeLessThan(4);
  },
);

test("the record is searched among all events, page after page", async () => {
  const page = await open("/audit?action=ReleasePublished");
  const entries = page.getByRole("main").locator("ol > li");
  await expect.poll(() => entries.count()).toBe(50);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => entries.count()).toBe(100);
});

test("the record shows what is new at once, where nothing was and before what was", async () => {
  const page = await open("/audit?who=olga&of=deliveries");
  await page.getByText("Nothing is found").waitFor();
  await comment("olga", "seen it");
  await page.getByText("seen it").waitFor();
  await comment("olga", "seen it again");
  await page.getByText("seen it again").waitFor();
  const entries = page.getByRole("main").locator("ol > li");
  await expect.poll(() => entries.count()).toBe(2);
  expect(await entries.first().textContent()).toContain("seen it again");
});

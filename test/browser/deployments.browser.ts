/** Deployments and insight: what runs where is seen as it is, what is done about it really happens, and the figures count it. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { type FiringRule, type Prometheus, startPrometheus } from "./support/prometheus.ts";
import { createStudioSite, desktop, phone, type StudioSite } from "./support/studio-site.ts";

const examples = path.join(import.meta.dirname, "../../examples");
const operator = userInfo().username;
const probe = `<img src=x onerror="document.title='hurt'">`;

const alarms: FiringRule[] = [
  {
    ...{ alertname: "ApprovalsWait", severity: "info", tenant: "local", env: "production" },
    ...{ summary: "Releases wait for people: 2.", next: "See them: studio pending." },
  },
  {
    ...{ alertname: "DeliveryServerDown", severity: "critical" },
    ...{ summary: `It does not answer ${probe}.`, next: "See its log." },
  },
  {
    ...{ alertname: "NotificationsFail", severity: "warning", tenant: "local", state: "pending" },
    ...{ summary: "webhook does not take notifications.", next: "See why: connectsoft notification ls." },
  },
];

let prometheus: Prometheus;
let site: StudioSite;
beforeAll(async () => {
  prometheus = await startPrometheus(alarms);
  site = await createStudioSite({ env: { CONNECTSOFT_ALERTS_URL: prometheus.url } });
  const folder = path.join(site.desk, "booking-service");
  await cp(path.join(examples, "booking-service"), folder, { recursive: true });
  await site.deliver(folder, ["--env", "staging"]);
  const manifest = path.join(folder, "package.json");
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace('"1.0.0"', '"1.1.0"'));
  await site.deliver(folder, ["--env", "staging"]);
  await site.deliver(path.join(examples, "broken/crashes-after-ready"), ["--env", "staging"]);
});
afterAll(async () => {
  await site.close();
  await prometheus.close();
});

async function open(
  person: string,
  address: string,
  look?: Parameters<StudioSite["window"]>[1],
): Promise<Page> {
  const page = await site.window(person, look);
  // A bound for what hangs; a busy machine takes its time.
  await page.goto(`${site.url()}${address}`);
  return page;
}

const place = "/deployments/staging/booking-service";
const inPlace = (page: Page) => page.getByRole("heading", { name: "booking-service in staging" }).waitFor();

test("the matrix says of each module what serves where, how it is, and what is held", async () => {
  const page = await open("max", "/deployments");
  const booking = page.getByRole("row", { name: /^booking-service/ });
  await booking.getByText("1.1.0").waitFor();
  await booking.getByText("Healthy").waitFor();
  const broken = page.getByRole("row", { name: /^crashes-after-ready/ });
  await broken.getByText("1.0.0 is held").waitFor();
  await broken.getByText("Nothing yet").waitFor();
});

test.each([
  ["desktop, light", { viewport: desktop, colorScheme: "light" }],
  ["desktop, dark", { viewport: desktop, colorScheme: "dark" }],
  ["phone, light", { viewport: phone, colorScheme: "light" }],
  ["phone, dark", { viewport: phone, colorScheme: "dark" }],
] as const)("the screens and a dialog are accessible and fit: %s", async (_, look) => {
  const page = await open(operator, "/deployments", look);
  await page.getByText("1.0.0 is held").waitFor();
  await expectAccessible(page);
  await expectFits(page);
  await page.goto(`${site.url()}/insight?environment=staging`);
  await page.getByRole("img", { name: /^Deployments\./ }).waitFor();
  await page.getByRole("row", { name: /^DeliveryServerDown/ }).waitFor();
  await expectAccessible(page);
  await expectFits(page);
  await page.goto(`${site.url()}/deployments/staging/crashes-after-ready`);
  await page.getByText("out of luck").first().waitFor();
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: "View failure details" }).first().click();
  await page.getByRole("heading", { name: "What to do, the likeliest first" }).waitFor();
  await expectAccessible(page);
  await expectFits(page);
});

test("the filters stand in the address, and whoever is sent it sees the same", async () => {
  const page = await open("max", "/deployments");
  await page.getByRole("row", { name: /^crashes-after-ready/ }).waitFor();
  await page.getByLabel("Module").fill("booking");
  await page.getByRole("row", { name: /^crashes-after-ready/ }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: /Show$/ }).click();
  await page.getByRole("option", { name: "What drifted" }).click();
  await page.getByText("Nothing fits these filters").waitFor();
  const other = await open("olga", page.url().slice(site.url().length));
  await other.getByText("Nothing fits these filters").waitFor();
  await other.getByRole("button", { name: "Clear the filters" }).click();
  await other.getByRole("row", { name: /^crashes-after-ready/ }).waitFor();
});

test("who may not roll back sees the act, closed, and why", async () => {
  const page = await open("olga", place);
  await inPlace(page);
  await page.getByRole("button", { name: /^Roll back now – closed/ }).click();
  await page
    .getByRole("dialog", { name: "Why this is closed" })
    .getByText(/olga .*may not roll back/)
    .waitFor();
  await expectAccessible(page);
});

test("what failed is told with what was measured, its last lines, and what to do", async () => {
  const page = await open("max", "/deployments/staging/crashes-after-ready");
  await page.getByRole("button", { name: "View failure details" }).first().click();
  const dialog = page.getByRole("dialog", { name: "What failed" });
  await dialog.getByText(/failed and was taken back/).waitFor();
  await dialog.getByText("code 70", { exact: true }).waitFor();
  await dialog.getByText("crashes-after-ready: out of luck", { exact: true }).waitFor();
  await dialog.getByRole("heading", { name: "What to do, the likeliest first" }).waitFor();
});

test("insight counts what was deployed and taken back, says what each figure means, and has each chart as a table too", async () => {
  const page = await open("max", "/insight?environment=staging");
  const frequency = page.getByRole("listitem").filter({ hasText: "Deployment frequency" });
  await frequency.getByText("2 deployments").waitFor();
  await frequency.getByText("What it means").click();
  await frequency.getByText(/took the traffic and were well/).waitFor();
  await page.getByRole("listitem").filter({ hasText: "Rollback rate" }).getByText("33.3%").waitFor();
  await page.getByRole("button", { name: "As a table: Deployments" }).click();
  await page.getByRole("table", { name: "Deployments" }).getByRole("cell", { name: "2" }).waitFor();
  const heat = page.getByRole("group", { name: "Rollbacks by module and week" });
  await heat
    .getByRole("row", { name: /^crashes-after-ready/ })
    .getByText("1", { exact: true })
    .waitFor();
  await page.getByRole("button", { name: /Time$/ }).click();
  await page.getByRole("option", { name: "Last 7 days" }).click();
  await expect.poll(() => page.url()).toContain("range=7d");
  await page.getByRole("searchbox", { name: "Module" }).fill("booking-service");
  await page
    .getByRole("listitem")
    .filter({ hasText: "Rollback rate" })
    .getByText("0%", { exact: true })
    .waitFor();
});

test("what fires now stands above all figures, the worst first, to whom it concerns", async () => {
  const page = await open(operator, "/insight");
  const alerts = page.getByRole("table", { name: "Alerts" });
  await alerts.getByText(`It does not answer ${probe}.`).waitFor();
  const names = ["DeliveryServerDown", "ApprovalsWait", "NotificationsFail"];
  for (const [index, name] of names.entries())
    expect(await alerts.getByRole("rowheader").nth(index).textContent()).toContain(name);
  await alerts
    .getByRole("row", { name: /^DeliveryServerDown/ })
    .getByText("the installation")
    .waitFor();
  await alerts
    .getByRole("row", { name: /^NotificationsFail/ })
    .getByText("the whole tenant")
    .waitFor();
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(headings[0]).toBe("Alerts");
  await alerts.getByRole("link", { name: "production" }).click();
  await expect.poll(() => page.url()).toContain("/deployments?environment=production");
  const other = await open("max", "/insight");
  await other.getByText("Alerts of the installation itself are shown to who administers it.").waitFor();
  await other.getByRole("row", { name: /^ApprovalsWait/ }).waitFor();
  expect(await other.getByRole("row", { name: /^DeliveryServerDown/ }).count()).toBe(0);
});

test("a refusal is shown beside what was typed, and nothing of that is lost", async () => {
  const page = await open("max", "/deployments/staging/crashes-after-ready");
  await page.getByRole("button", { name: "Delay next attempt" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^20\d\d-\d\d-\d\d \d\d:\d\d UTC$/).waitFor();
  await dialog.getByLabel(/^Until/).fill("2020-01-01T00:00");
  await dialog.getByText("2019-12-31 23:00 UTC").waitFor();
  await dialog.getByLabel("Reason").fill("the vendor mends it");
  await dialog.getByRole("button", { name: "Delay", exact: true }).click();
  await dialog
    .getByRole("alert")
    .getByText(/within a year/)
    .waitFor();
  expect(await dialog.getByLabel("Reason").inputValue()).toBe("the vendor mends it");
  await dialog.getByRole("button", { name: "in 2 hours" }).click();
  await dialog.getByRole("button", { name: "Delay", exact: true }).click();
  await dialog
    .getByRole("status")
    .getByText(/The next attempt of release-\d+ is on/)
    .waitFor();
  await dialog.getByRole("link", { name: "See it live at the delivery" }).waitFor();
});

test("a rollback by the keyboard alone is seen live by whoever looks, and its words are only words", async () => {
  const watcher = await open("max", "/deployments");
  await watcher
    .getByRole("row", { name: /^booking-service/ })
    .getByText("1.1.0")
    .waitFor();
  const page = await open(operator, place);
  await inPlace(page);
  const button = page.getByRole("button", { name: "Roll back now" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^Back to 1\.0\.0/).waitFor();
  await page.keyboard.type(probe);
  await dialog.getByLabel("Comment").focus();
  await page.keyboard.type(probe);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await dialog.getByText(/1\.0\.0 \(release-\d+\) serves staging again/).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });

  const row = watcher.getByRole("row", { name: /^booking-service/ });
  await row.getByText("1.1.0 is held").waitFor();
  await row.getByRole("link", { name: "booking-service in staging: 1.0.0" }).waitFor();
  await row.getByText("Healthy").waitFor();

  const history = page.getByRole("table", { name: "History" });
  await history.getByText(`Taken back by ${operator}`).waitFor();
  await history.getByText(probe).first().waitFor();
  expect(await page.title()).not.toContain("hurt");
});

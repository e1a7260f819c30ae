/** The frame of every screen: who may come in, how, and that it stays usable whatever happens to the connection. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { createStudioSite, desktop, phone, type StudioSite } from "./support/studio-site.ts";

let site: StudioSite;
beforeAll(async () => {
  site = await createStudioSite();
  await site.ok(["studio", "--json"]);
});
afterAll(() => site.close());

test("a stranger is asked who they are, and comes in with a token and no other way", async () => {
  const page = await site.stranger();
  await page.goto(site.url());
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await expectAccessible(page);
  await page.getByLabel("Access token").fill("cst_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Access token").fill(await site.tokenOf("max"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Approvals" }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
});

test("the link of the command line signs in once, and leads who decides nothing to the deliveries", async () => {
  const { url } = JSON.parse(await site.ok(["studio", "--json"]));
  const page = await site.stranger();
  await page.goto(url);
  await page.getByRole("heading", { name: "Nothing has been delivered yet" }).waitFor();
  expect(page.url()).not.toContain("code=");
  const other = await site.stranger();
  await other.goto(url);
  await other.getByRole("alert").waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
});

test.each([
  ["desktop, light", { viewport: desktop, colorScheme: "light" }],
  ["desktop, dark", { viewport: desktop, colorScheme: "dark" }],
  ["phone, light", { viewport: phone, colorScheme: "light" }],
  ["phone, dark", { viewport: phone, colorScheme: "dark" }],
] as const)("is accessible and fits: %s", async (_, look) => {
  const page = await site.window("max", look);
  await page.goto(`${site.url()}/approvals`);
  await page.getByRole("heading", { name: "Approvals" }).waitFor();
  await expectAccessible(page);
  await expectFits(page);
});

test("the keyboard alone reaches the content, the navigation and the menu", async () => {
  const page = await site.window("max");
  await page.goto(`${site.url()}/approvals`);
  await page.getByRole("heading", { name: "Approvals" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Go to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => location.hash)).toBe("#content");
  await page.getByRole("button", { name: /max of local/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: "Dark" }).waitFor();
  await page.keyboard.press("Escape");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
    .toBe("max of local");
});

test("where the browser lets nobody copy, it is said, and the whole value is there to be marked", async () => {
  const page = await site.window("max");
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto(`${site.url()}/audit/log`);
  const key = page.locator("code").filter({ hasText: "…" }).first();
  const whole = (await key.getAttribute("title")) ?? "nothing";
  await page.getByRole("button", { name: /^Copy/ }).first().click();
  await page.getByText("The browser lets nobody copy here").waitFor();
  await page.getByText(whole, { exact: true }).waitFor();
});

test("who may follow nothing is told so, and not that the connection is lost; the window does not ask again and again", async () => {
  const page = await site.window("tina");
  await page.clock.install();
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/api/v1/stream") && asked.push(request.url()));
  await page.goto(`${site.url()}/deliveries`);
  await page.getByText(/^Not live: your roles/).waitFor();
  await page.getByRole("heading", { name: "You may not see this" }).waitFor();
  expect(await page.getByText(/^Connection lost/).count()).toBe(0);
  const before = asked.length;
  await page.clock.fastForward(60_000);
  await page.evaluate(() => undefined);
  expect(asked.length).toBe(before);
});

test("what is not there says so, and leads back to where it would be", async () => {
  const page = await site.window("max");
  await page.goto(`${site.url()}/approvals/release-999999`);
  await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Back to Approvals" }).click();
  await page.getByRole("heading", { name: "Approvals", exact: true }).waitFor();
});

/** What is set up in Studio and what is on record of it: by forms, by the word of two people, and never past the server. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { createStudioSite, desktop, phone, type StudioSite } from "./support/studio-site.ts";

const admin = userInfo().username;
const probe = `<img src=x onerror="document.title='broken'"> trade fair`;
let site: StudioSite;
let directory: string;
let traceId: string;

beforeAll(async () => {
  site = await createStudioSite();
  directory = await mkdtemp(path.join(tmpdir(), "connectsoft-administration-"));
  const folder = path.join(directory, "booking-service");
  await cp(path.join(import.meta.dirname, "../../examples/booking-service"), folder, { recursive: true });
  traceId = (await site.deliver(folder, ["--env", "staging", "--until", "staging"])).trace;
});
afterAll(async () => {
  await site.close();
  await rm(directory, { recursive: true, force: true });
});

async function at(person: string, address: string): Promise<Page> {
  const page = await site.window(person);
  await page.goto(site.url() + address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

test("a token is made for an environment, shown once, and refused once it is revoked", async () => {
  const page = await at(admin, "/administration/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it is for").fill("Nightly look");
  await dialog.getByText("staging", { exact: true }).click();
  await dialog.getByRole("button", { name: "Make it" }).click();
  const token = (await dialog.getByText(/^cst_/).textContent()) ?? "";
  const status = async () =>
    (await fetch(`${site.url()}/api/v1/tenant/parts`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  expect(await status()).toBe(200);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  expect(await page.content()).not.toContain(token);
  await page.getByRole("button", { name: "Revoke Nightly look" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(status).toBe(401);
});

test("a freeze is refused by its field, set with what was typed, and stands in the calendar as text", async () => {
  const page = await at("max", "/administration/freezes");
  await page.getByRole("button", { name: "New freeze" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What for").fill(probe);
  await dialog.getByLabel("Clocks of").fill("Moon/Crater");
  await dialog.getByRole("button", { name: "Set it" }).click();
  await dialog.getByText("expected a time zone of the IANA database").waitFor();
  expect(await dialog.getByLabel("What for").inputValue()).toBe(probe);
  await dialog
    .getByText("It holds every module in every environment, from now on, until it is lifted.")
    .waitFor();
  await dialog.getByText("production", { exact: true }).click();
  await dialog.getByText("It holds every module in production, from now on, until it is lifted.").waitFor();
  // However long the form is, what confirms it is in reach.
  await page.setViewportSize(phone);
  const box = await dialog.getByRole("button", { name: "Set it" }).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(phone.height);
  await page.setViewportSize(desktop);
  await dialog.getByLabel("Clocks of").fill("America/New_York");
  await dialog.getByRole("button", { name: "Set it" }).click();
  await dialog.getByText(/is set$/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("list", { name: "Windows of this month" }).getByText(probe).waitFor();
  expect(await page.locator("td[data-frozen]").count()).toBeGreaterThan(0);
  expect(await page.title()).not.toContain("broken");
  const begin = page.getByRole("list", { name: "Windows of this month" }).locator("time").first();
  expect(await begin.getAttribute("title")).toMatch(/Z \(UTC\)$/);
});

test("who may not set a freeze sees the button and the reason", async () => {
  const page = await at("jane", "/administration/freezes");
  await page.getByRole("button", { name: /^New freeze/ }).click();
  await page.getByText(/jane \(Developer, Deployer\) may not set or end a freeze/).waitFor();
});

test("roles are given by the word of two people, and the one who asked cannot be the second", async () => {
  const asking = await at(admin, "/administration/people");
  await asking.getByRole("button", { name: "Change tina" }).click();
  const dialog = asking.getByRole("dialog");
  await dialog.getByText("Auditor", { exact: true }).click();
  await dialog.getByLabel(/^Reason/).fill("Looks over the books of the quarter");
  await dialog.getByRole("button", { name: "Change it" }).click();
  await dialog.getByText(/waits for a second person: max/).waitFor();
  await dialog.getByRole("link", { name: "See what is proposed" }).click();
  await asking.getByRole("button", { name: /^Confirm policy-/ }).click();
  await asking.getByText(/You proposed it; a second person confirms it/).waitFor();

  const second = await at("max", "/approvals");
  await second.getByRole("link", { name: /^Decide: policy-/ }).click();
  await second.getByRole("button", { name: /^Confirm policy-/ }).click();
  await second.getByRole("dialog").getByLabel("Comment").fill("Known to me");
  await second.getByRole("dialog").getByRole("button", { name: "Confirm" }).click();
  await second.getByText(/holds now \(second person\)/).waitFor();
  const tina = await at("tina", "/administration/people");
  await tina.getByRole("row", { name: /tina/ }).getByText("Auditor").waitFor();
});

test("a declaration that cannot hold is told line by line, and what was typed stays", async () => {
  const page = await at(admin, "/administration/policies?tab=change");
  const text = page.getByLabel("tenant.yaml");
  const wrong = (await text.inputValue()).replace("ReleaseManager", "Wizard");
  await text.fill(wrong);
  await page.getByRole("button", { name: "Look it over" }).click();
  await page.getByRole("button", { name: /^Line \d+/ }).click();
  expect(await text.evaluate((area) => area === document.activeElement)).toBe(true);
  expect(await text.inputValue()).toBe(wrong);
});

test("a secret goes in and is never shown", async () => {
  const page = await at(admin, "/administration/settings?environment=staging");
  await page.getByRole("button", { name: "New secret" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("API_KEY");
  await dialog.getByLabel("Value").fill("hidden-from-all");
  await dialog.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByRole("rowheader", { name: "API_KEY" }).waitFor();
  expect(await page.content()).not.toContain("hidden-from-all");
});

test("the record answers why something was blocked, by an address that others can open", async () => {
  const page = await at("olga", "/audit");
  await page.getByRole("link", { name: "Why blocked" }).click();
  await page.getByText("Blocked", { exact: true }).first().waitFor();
  const other = await site.window("olga");
  await other.goto(page.url());
  await other.getByText("Blocked", { exact: true }).first().waitFor();
  await other.getByLabel("Who").fill("nobody-of-that-name");
  await other.getByRole("button", { name: "Find" }).click();
  await other.getByText("Nothing is found").waitFor();
  expect(other.url()).toContain("who=nobody-of-that-name");
});

test("evidence is verified in view, and the archive leaves with a click", async () => {
  const page = await at(admin, `/audit/${traceId}/booking-service`);
  await page.getByText("Nothing was changed and nothing is missing").waitFor();
  expect(await page.getByText("Fails", { exact: true }).count()).toBe(0);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export the archive" }).click();
  expect((await saved).suggestedFilename()).toBe(`${traceId}.audit.tar.gz`);
});

test("a flow is a picture and a list; one of one's own is checked line by line, and drawn when it is sound", async () => {
  const page = await at(admin, "/administration/flows");
  await page.locator(".react-flow__node").getByText("committing").waitFor();
  await page.getByRole("radio", { name: "List" }).click();
  await page.getByText("code-committer failed").first().waitFor();
  const own = (await page.getByRole("textbox").inputValue()).replace(
    "agent: code-committer",
    "agent: code-comitter",
  );
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "From a file" }).click();
  const file = (text: string) => ({ name: "own.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
  await (await choosing).setFiles(file(own));
  await page.getByText("code-comitter", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: /^Line \d+/ }).click();
  const marked = await page.getByRole("textbox").evaluate((area) => {
    const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement;
    return value.slice(selectionStart, selectionEnd);
  });
  expect(marked).toContain("agent: code-comitter");
  await page
    .getByRole("textbox")
    .fill(own.replace("code-comitter", "code-committer").replace("flow: delivery", "flow: our-own"));
  await page.getByRole("button", { name: "Check it" }).click();
  await page.getByRole("heading", { name: "our-own, as you wrote it" }).waitFor();
  await page.getByRole("button", { name: "As it is" }).click();
  await page.getByRole("heading", { name: "delivery", exact: true }).waitFor();
});

const sections = "tenant people tokens policies freezes compliance settings producers notifications flows";
const screens = () => [
  ...sections.split(" ").map((section) => `/administration/${section}`),
  ...["change", "proposals", "history", "access"].map((tab) => `/administration/policies?tab=${tab}`),
  ...["/audit", "/audit/log", `/audit/${traceId}/booking-service`],
];

test.each([
  ["desktop, light", { viewport: desktop, colorScheme: "light" }],
  ["phone, dark", { viewport: phone, colorScheme: "dark" }],
] as const)("every screen is accessible and fits: %s", async (_, look) => {
  const page = await site.window(admin, look);
  for (const screen of screens()) {
    await page.goto(site.url() + screen);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText("Loading…").waitFor({ state: "detached" });
    await expectAccessible(page);
    await expectFits(page);
  }
});

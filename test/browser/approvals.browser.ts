/** Deciding on a release in a window: found, understood, signed as it was shown, and never by accident. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { only } from "../e2e/support/events.ts";
import { writeModule } from "../e2e/support/modules.ts";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { createStudioSite, desktop, type Look, phone, type StudioSite } from "./support/studio-site.ts";

let site: StudioSite;
beforeAll(async () => {
  site = await createStudioSite();
  await site.ok(["studio", "--json"]);
});
afterEach(async () => {
  for (const window of site.browser.contexts()) await window.close();
});
afterAll(() => site.close());

const words = "looked at the change and its tests";

interface Proposed {
  trace: string;
  releaseId: string;
}

/** Jane hands a module over; production waits for a product owner, and a reviewer or release manager. */
async function propose(id: string, environment = "production", version = "1.0.0"): Promise<Proposed> {
  const folder = await writeModule(site.desk, { id, version });
  const env = { CONNECTSOFT_TOKEN: await site.tokenOf("jane") };
  const { events, trace } = await site.deliver(folder, ["--env", environment], { env });
  return { trace, releaseId: String(only(events, "ReleaseProposed").data.releaseId) };
}

async function openAs(person: string, releaseId: string, look?: Look): Promise<Page> {
  const page = await site.window(person, look);
  await page.goto(`${site.url()}/approvals/${releaseId}`);
  await page.getByRole("heading", { name: "Decide" }).waitFor();
  return page;
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const dialogOf = (page: Page) => page.getByRole("dialog").last();

/** What a question is answered with. */
const yes = (page: Page, name: string) => dialogOf(page).getByRole("button", { name, exact: true });

async function confirm(page: Page, act: string, comment: string): Promise<void> {
  await button(page, act).click();
  await dialogOf(page).getByRole("textbox").first().fill(comment);
  await yes(page, act).click();
}

describe("a release that two people approve", () => {
  let shop: Proposed;
  beforeAll(async () => {
    shop = await propose("shop");
  });

  test("is found in the inbox and approved with the keyboard alone; the other's window sees it at once, and the delivery goes live", async () => {
    const { releaseId, trace } = shop;
    const olga = await openAs("olga", releaseId);
    const max = await site.window("max");
    await max.goto(site.url());
    await max.goto(`${site.url()}/approvals`);
    await expect.poll(() => max.title()).toBe("(1) Approvals · Studio");
    await max.getByRole("link", { name: `Decide: ${releaseId}` }).press("Enter");
    await max.getByText("Waits for your decision").waitFor();
    await max.getByText("first release of shop in production").waitFor();
    await max.getByText("Not needed now").click();
    const closed = (act: string) => max.getByRole("button", { name: `${act} – closed` });
    await closed("Confirm override").waitFor();
    await closed("Override CVE").click();
    await dialogOf(max).getByText(`No advisory holds ${releaseId}`).waitFor();
    await max.keyboard.press("Escape");

    await max.keyboard.press("a");
    const dialog = dialogOf(max);
    await dialog.getByText("max (ReleaseManager)").waitFor();
    await dialog.getByText("The whole statement").click();
    const shown = JSON.parse((await dialog.locator("pre").textContent()) ?? "");
    // What is typed is typed, and begins no act.
    await dialog.getByRole("textbox").fill("");
    await max.keyboard.type("a change that is rather clear");
    expect(await max.getByRole("dialog").count()).toBe(1);
    await max.keyboard.press("Control+Enter");
    await max.getByText(`${releaseId} still needs 1 more approval: ProductOwner.`).waitFor();
    await expect.poll(() => max.title()).toBe(`${releaseId} · Studio`);
    await expect.poll(() => max.evaluate(() => document.activeElement?.textContent)).toContain("still needs");

    await olga.getByText("a change that is rather clear").first().waitFor();
    await olga.getByText("signed by the server for max").waitFor();
    await confirm(olga, "Approve", words);
    await olga.getByText(`${releaseId} goes on to production`).waitFor();
    await olga.getByText("Live", { exact: true }).nth(1).waitFor();
    await olga.getByRole("link", { name: "See the delivery live" }).click();
    await expect.poll(() => olga.url()).toContain(trace);

    const granted = (await site.events(trace)).filter(({ type }) => type.endsWith("ApprovalGranted"));
    expect(granted.map(({ data }) => data.by)).toEqual(["max", "olga"]);
    expect(shown.predicate).toMatchObject({
      decision: "approved",
      releaseId,
      by: "max",
      digests: granted[0]?.data.digests,
    });
  }, 120_000);

  test("is shown beside what runs", async () => {
    const next = await propose("shop", "production", "1.1.0");
    const page = await site.window("max");
    await page.goto(`${site.url()}/approvals`);
    const row = page.getByRole("listitem").filter({ hasText: next.releaseId }).first();
    await row.getByText("Runs there now: 1.0.0").waitFor();
    // The one that was decided is still to be read.
    await page.getByRole("link", { name: "shop for production", exact: true }).click();
    await page.getByText("Nothing to decide now").waitFor();
    await page.goto(`${site.url()}/approvals/${next.releaseId}`);
    await page.getByText(`1.1.0 against 1.0.0 (${shop.releaseId})`).waitFor();
    await page.getByText("package.json", { exact: true }).first().click();
    await page.getByText('"version": "1.1.0"').first().waitFor();
  });

  test("is closed to who handed it over and to who may only look, each with the reason", async () => {
    const { releaseId } = await propose("closed");
    const jane = await openAs("jane", releaseId);
    await jane
      .getByText(/^jane /)
      .first()
      .waitFor();
    await jane.getByRole("button", { name: /^Approve – closed/ }).click();
    await dialogOf(jane)
      .getByText(/^jane /)
      .waitFor();
    await expectAccessible(jane);
    await jane.keyboard.press("Escape");
    await jane.keyboard.press("r");
    await jane.getByRole("alert").or(jane.getByRole("status")).filter({ hasText: "jane" }).first().waitFor();
    const viktor = await site.window("viktor");
    await viktor.goto(`${site.url()}/approvals`);
    await viktor.getByText("Nothing waits for you").waitFor();
  });
});

test("who stands in for somebody chooses in whose name, sees it in what is signed, and the vote says both", async () => {
  const { releaseId, trace } = await propose("lent");
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const env = { CONNECTSOFT_TOKEN: await site.tokenOf("olga") };
  const lend = ["delegate", "add", "--to", "max", "--role", "ProductOwner", "--until", until];
  await site.ok([...lend, "--reason", "on holiday"], { env });
  const page = await openAs("max", releaseId);
  await button(page, "Approve").click();
  const dialog = dialogOf(page);
  await dialog.getByText("max (ReleaseManager)", { exact: true }).waitFor();
  await dialog.getByRole("textbox").fill(words);
  await dialog.getByRole("button", { name: /In whose name/ }).click();
  await page.getByRole("option", { name: "olga (ProductOwner)" }).click();
  await dialog.getByText("max for olga (ProductOwner)", { exact: true }).waitFor();
  await dialog.getByText("The whole statement").click();
  const shown = JSON.parse((await dialog.locator("pre").textContent()) ?? "");
  expect(shown.predicate).toMatchObject({ by: "max", onBehalfOf: "olga", comment: words });
  await expectAccessible(page);
  await yes(page, "Approve").click();
  await dialog.waitFor({ state: "hidden" });
  const granted = (await site.events(trace)).filter(({ type }) => type.endsWith("ApprovalGranted"));
  expect(granted.map(({ data }) => [data.by, data.onBehalfOf, data.roles])).toEqual([
    ["max", "olga", ["ProductOwner"]],
  ]);
  const [made] = JSON.parse(await site.ok(["delegate", "ls", "--json"], { env }));
  await site.ok(["delegate", "end", made.id], { env });
});

describe("what goes wrong on the way", () => {
  test("a window that is behind never approves other bytes: it shows what changed, and keeps what was typed", async () => {
    const { releaseId, trace } = await propose("stale");
    const page = await site.window("olga");
    // Nothing tells this window that the world goes on.
    await page.route("**/api/v1/stream*", (route) => route.abort());
    await page.goto(`${site.url()}/approvals/${releaseId}`);
    await button(page, "Approve").click();
    await dialogOf(page).getByRole("textbox").fill(words);
    await site.ok(["config", "set", "GREETING", "hello", "--env", "production", "--module", "stale"]);
    await expect
      .poll(
        async () =>
          (await site.events(trace)).filter(({ type }) => type.endsWith("ApprovalRequested")).length,
      )
      .toBe(2);
    await yes(page, "Approve").click();
    const dialog = dialogOf(page);
    await dialog.getByText(/It changed while you looked: .*Configuration/).waitFor();
    expect(await dialog.getByRole("textbox").inputValue()).toBe(words);
    expect(await yes(page, "Approve").isDisabled()).toBe(true);
    expect((await site.events(trace)).some(({ type }) => type.endsWith("ApprovalGranted"))).toBe(false);

    await dialog.getByRole("button", { name: "Go on with what is there now" }).click();
    await yes(page, "Approve").click();
    await page.getByText("still needs 1 more approval").waitFor();
  });

  test("a session that ends in the middle loses nothing: sign in, confirm once more", async () => {
    const { releaseId, trace } = await propose("ended");
    const page = await openAs("max", releaseId);
    await button(page, "Reject").click();
    await dialogOf(page).getByRole("textbox").fill("prices are wrong");
    await page.context().clearCookies();
    await yes(page, "Reject").click();
    await page.getByRole("heading", { name: "Sign in again" }).waitFor();
    await page.getByLabel("Access token").fill(await site.tokenOf("max"));
    await yes(page, "Sign in").click();
    await page.getByRole("heading", { name: "Sign in again" }).waitFor({ state: "hidden" });
    const dialog = dialogOf(page);
    expect(await dialog.getByRole("textbox").inputValue()).toBe("prices are wrong");
    await yes(page, "Reject").click();
    await page.getByText(`${releaseId} is rejected.`).waitFor();
    const refused = (await site.events(trace)).filter(({ type }) => type.endsWith("ApprovalRefused"));
    expect(refused.map(({ data }) => data.comment)).toEqual(["prices are wrong"]);
  });

  test("of two people at once one decides, and the other is told before they sign", async () => {
    const { releaseId, trace } = await propose("both");
    const [max, olga] = [await openAs("max", releaseId), await openAs("olga", releaseId)];
    await button(olga, "Approve").click();
    await dialogOf(olga).getByRole("textbox").fill(words);
    await confirm(max, "Reject", "prices are wrong");
    await max.getByText(`${releaseId} is rejected.`).waitFor();
    await dialogOf(olga).getByText("It waits for nobody’s decision any more").waitFor();
    expect(await dialogOf(olga).getByRole("textbox").inputValue()).toBe(words);
    expect(await yes(olga, "Approve").isDisabled()).toBe(true);
    expect((await site.events(trace)).some(({ type }) => type.endsWith("ApprovalGranted"))).toBe(false);
  });

  test("a reason that says nothing is refused where it stands, and what others wrote is text and nothing else", async () => {
    const { releaseId } = await propose("words");
    const page = await openAs("sec", releaseId);
    const probe = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;
    await page.keyboard.press("c");
    await dialogOf(page).getByRole("textbox").fill(probe);
    await page.keyboard.press("Control+Enter");
    await page.getByText("Your comment is on record.").waitFor();
    await page.getByText(probe).first().waitFor();
    expect(await page.evaluate(() => "hit" in window)).toBe(false);

    await confirm(page, "Approve", "lgtm lgtm lgtm");
    const dialog = dialogOf(page);
    await dialog.getByRole("alert").filter({ hasText: "JustificationMissing" }).waitFor();
    expect(await dialog.getByRole("textbox").inputValue()).toBe("lgtm lgtm lgtm");
    await page.keyboard.press("Escape");
    await page.reload();
    await button(page, "Approve").click();
    expect(await dialogOf(page).getByRole("textbox").inputValue()).toBe("lgtm lgtm lgtm");
  });
});

test("a freeze is passed by two people in two windows", async () => {
  await site.ok(["freeze", "set", "--id", "bank", "--reason", "incident at the bank", "--module", "frozen"], {
    env: { CONNECTSOFT_TOKEN: await site.tokenOf("max") },
  });
  const { releaseId, trace } = await propose("frozen", "staging");
  await site.until(trace, ({ instances }) => instances.some(({ states }) => states[0] === "delayed"));
  const sec = await openAs("sec", releaseId);
  await button(sec, "Override freeze").click();
  await dialogOf(sec)
    .getByText(/incident at the bank/)
    .waitFor();
  await dialogOf(sec).getByRole("textbox").fill("the bank ends our old certificate tonight");
  await yes(sec, "Override freeze").click();
  await sec.getByText("stays held until a ReleaseManager confirms").waitFor();

  const max = await site.window("max");
  await max.goto(`${site.url()}/approvals`);
  await max.getByRole("link", { name: `Decide: ${releaseId}` }).click();
  await button(max, "Confirm override").click();
  await dialogOf(max).getByText("the bank ends our old certificate tonight").waitFor();
  await yes(max, "Confirm override").click();
  await max
    .getByText(/may pass .* until/)
    .first()
    .waitFor();
  await site.until(trace, ({ instances }) => instances.some(({ states }) => states[0] === "live"));
}, 120_000);

test("keys begin an act, say which they are, and can be turned off", async () => {
  const { releaseId } = await propose("keys");
  const page = await openAs("max", releaseId);
  await page.keyboard.press("?");
  await dialogOf(page).getByText("Single keys begin an act on this page").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await button(page, "Approve").press("Enter");
  await dialogOf(page).getByText("What is signed").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Approve");
});

describe("for everybody", () => {
  let seen: Proposed;
  beforeAll(async () => {
    seen = await propose("seen");
  });

  test.each<[string, Look]>([
    ["desktop, light", { viewport: desktop, colorScheme: "light" }],
    ["desktop, dark", { viewport: desktop, colorScheme: "dark" }],
    ["phone, light", { viewport: phone, colorScheme: "light" }],
    ["phone, dark", { viewport: phone, colorScheme: "dark" }],
  ])("every screen is accessible and fits: %s", async (_, look) => {
    const page = await openAs("max", seen.releaseId, look);
    await page.getByText(".dockerignore", { exact: true }).first().click();
    await page.getByText("# History and platforms").waitFor();
    await expectAccessible(page);
    await expectFits(page);
    for (const tab of ["Configuration", "Plan", "SBOM", "Policy"]) {
      await page.getByRole("tab", { name: new RegExp(tab) }).click();
      await expectFits(page);
    }
    expect(page.url()).toContain("changes=policy");
    await expectAccessible(page);
    await button(page, "Approve").click();
    await dialogOf(page).getByText("What is signed").waitFor();
    await expectAccessible(page);
    await expectFits(page);
    await page.keyboard.press("Escape");
    await page.goto(`${site.url()}/approvals`);
    await page.getByRole("link", { name: `Decide: ${seen.releaseId}` }).waitFor();
    await expectAccessible(page);
    await expectFits(page);
  });

  test("on a phone the votes are in reach wherever one reads", async () => {
    const page = await openAs("max", seen.releaseId, { viewport: phone });
    await page.getByRole("heading", { name: "Exactly what is approved" }).scrollIntoViewIfNeeded();
    const box = await button(page, "Approve").boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(phone.height);
  });
});

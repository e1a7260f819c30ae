/** Deliveries: found among many, seen live, and each with everything that is known of it. */
import { userInfo } from "node:os";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { writeModule } from "../e2e/support/modules.ts";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { createStudioSite, desktop, type Look, phone, type StudioSite } from "./support/studio-site.ts";

const operator = userInfo().username;
const probe = `<img src=x onerror="document.title='hurt'">`;
const failing = {
  "package.json": `${JSON.stringify({ name: "broken", version: "1.0.0", private: true, type: "module", scripts: { start: "node server.js", test: "node --test" } })}\n`,
  "price.test.js": `import test from "node:test";\ntest("adds up", () => { throw new Error("two and two are not five ${"<b>bold</b>"}"); });\n`,
};

let site: StudioSite;
beforeAll(async () => {
  site = await createStudioSite();
  await site.ok(["studio", "--json"]);
});
afterEach(async () => {
  for (const window of site.browser.contexts()) await window.close();
});
afterAll(() => site.close());

async function open(address: string, look?: Look, person = operator): Promise<Page> {
  const page = await site.window(person, look);
  // A bound for what hangs; a busy machine takes its time.
  await page.goto(`${site.url()}${address}`);
  return page;
}

test("an empty board says what Studio is, and its one press delivers the example, seen live until it waits for a person", async () => {
  const page = await open("/deliveries");
  await page.getByRole("heading", { name: "Nothing has been delivered yet" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Deliver the example" }).click();
  await page.getByRole("heading", { level: 1, name: "booking-service 1.0.0" }).waitFor();
  await page.getByRole("link", { name: /^See release-/ }).waitFor();
  await page.getByRole("main").getByText("Needs approval").first().waitFor();
});

describe("with deliveries there", () => {
  let booking: string;
  let broken: string;
  beforeAll(async () => {
    const page = await open("/deliveries");
    const row = page.getByRole("link", { name: /booking-service/ });
    booking = new URL((await row.getAttribute("href")) ?? "", site.url()).pathname;
    const folder = await writeModule(site.desk, { id: "broken", files: failing });
    const { trace } = await site.deliver(folder, ["--env", "staging"]);
    broken = `/deliveries/${trace}/broken`;
  });

  test("the board is filtered by words and by state, and the address keeps it", async () => {
    const page = await open("/deliveries");
    await page.getByRole("link", { name: /broken/ }).waitFor();
    await page.getByRole("searchbox", { name: "Search" }).fill("booking");
    await expect.poll(() => page.getByRole("link", { name: /broken/ }).count()).toBe(0);
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("booking");
    await page.reload();
    await page.getByText("1 delivery").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("button", { name: /^Failed/ }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("state")).toBe("failed");
    await page.getByText("1 delivery").waitFor();
    await page.getByRole("link", { name: /broken/ }).waitFor();
    await expect.poll(() => page.getByRole("link", { name: /booking-service/ }).count()).toBe(0);
  });

  test("a delivery that begins elsewhere appears on top without a reload", async () => {
    const page = await open("/deliveries");
    await page.getByRole("link", { name: /broken/ }).waitFor();
    const folder = await writeModule(site.desk, { id: "newcomer" });
    await site.ok(["deliver", folder, "--env", "staging", "--detach"]);
    await page.getByRole("link", { name: /newcomer/ }).waitFor();
    const first = page.getByRole("list", { name: "Deliveries, newest first" }).getByRole("link").first();
    expect(await first.textContent()).toContain("newcomer");
    await page
      .getByRole("link", { name: /newcomer/ })
      .getByText("Live", { exact: true })
      .first()
      .waitFor();
  });

  test("keys alone lead through the list to a delivery, and to the search", async () => {
    const page = await open("/deliveries");
    await page.getByRole("link", { name: /broken/ }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("broken");
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
    await page.keyboard.type("/j");
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("/j");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByRole("link", { name: /broken/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /broken/ }).waitFor();
  });

  test("an address that leads nowhere says so, and the way on", async () => {
    const page = await open("/deliveries/trace-2020-01-01-0001/booking-service");
    await page.getByText("local has no delivery trace-2020-01-01-0001 of booking-service").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Look for it on the board" }).click();
    await page.getByText("No delivery is like this").waitFor();
  });

  test("the timeline tells who did what, finds words, and leads to what was written", async () => {
    const page = await open(`${booking}/timeline`);
    await page.getByText(`Handed over by ${operator}.`).waitFor();
    await page.getByRole("heading", { name: "Provisioning" }).waitFor();
    await page.getByRole("searchbox", { name: "Find in the timeline" }).fill("CommitMetadata");
    await page.getByRole("link", { name: "Look at CommitMetadata.json" }).click();
    await page.getByRole("heading", { name: "CommitMetadata.json" }).waitFor();
    await page
      .getByRole("region", { name: "CommitMetadata.json" })
      .getByText("booking-service")
      .first()
      .waitFor();
  });

  test("an artifact of several versions shows what changed between two", async () => {
    const page = await open(`${booking}/artifacts`);
    await page.getByRole("link", { name: /^PipelineSnapshot.yaml/ }).click();
    await page.getByRole("button", { name: /Compared with/ }).click();
    await page.getByRole("option", { name: "v1" }).click();
    await page.getByText("1 file differs").waitFor();
    const rows = page.getByRole("region", { name: "PipelineSnapshot.yaml" });
    await rows.getByText("status: Success").first().waitFor();
    await page.getByRole("radio", { name: "Split" }).click();
    await rows.locator("table[data-split]").waitFor();
  });

  test("the log of what runs is followed, and holds still while it is paused", async () => {
    const page = await open(`${booking}/logs?environment=staging`);
    const log = page.getByRole("region", { name: "Log" });
    await log.getByText('"event":"ready"').waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused").waitFor();
    await page.getByRole("button", { name: /^Go on/ }).click();
    await page.getByRole("status").getByText("Live").last().waitFor();
  });

  test("a failure says what to do, shows the end of the log as text, and is tried again with a reason on record", async () => {
    const page = await open(`${broken}/failure`);
    await page.getByText("two and two are not five <b>bold</b>").first().waitFor();
    await page.getByRole("button", { name: "Try again" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill(probe);
    await dialog.getByRole("button", { name: "Try again" }).click();
    await dialog.getByText("It is on record").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await dialog.waitFor({ state: "detached" });
    const trace = broken.split("/")[2] ?? "";
    const moved = (await site.events(trace)).filter(({ type }) => type.endsWith("FlowMoved"));
    expect(moved.map(({ data }) => [data.by, data.reason])).toEqual([[operator, probe]]);
    await page.getByRole("link", { name: "Timeline" }).click();
    await page.getByText(probe).waitFor();
    expect(await page.title()).not.toBe("hurt");
  });

  test("who may not act finds the acts closed, each with the reason, before anything is asked for", async () => {
    await site.until(broken.split("/")[2] ?? "", ({ explanation }) => explanation.kind === "stopped");
    const page = await open(broken, {}, "sec");
    await page.getByRole("button", { name: "Try again – closed" }).first().click();
    await page
      .getByRole("dialog", { name: "Why this is closed" })
      .getByText(/^sec .*may not retry/)
      .waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expectAccessible(page);
    await page.goto(`${site.url()}${broken}/failure`);
    await page.getByRole("button", { name: "Commit again – closed" }).first().waitFor();
  });

  test("what cannot be saved yet, or by this person, stands among the downloads and says why", async () => {
    const page = await open(broken, {}, "jane");
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/audit/traces/")) asked.push(request.url());
    });
    await page.getByRole("button", { name: "Downloads" }).click();
    const archive = page.getByRole("menuitem", { name: "Evidence archive of the trace – closed" });
    await archive.getByText(/^jane .*may not export/).waitFor();
    const summary = page.getByRole("menuitem", { name: "Deployment summary – closed" });
    await summary.getByText(/^There is none yet/).waitFor();
    await expectAccessible(page);
    // The keys come to what is closed, and a press does nothing.
    await page.keyboard.press("End");
    await expect.poll(() => archive.evaluate((item) => item === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await archive.waitFor();
    expect(asked).toEqual([]);
    const auditor = await open(booking, {}, "viktor");
    await auditor.getByRole("button", { name: "Downloads" }).click();
    await auditor.getByRole("menuitem", { name: "Deployment summary of staging" }).waitFor();
    const [saved] = await Promise.all([
      auditor.waitForEvent("download"),
      auditor.getByRole("menuitem", { name: "Evidence archive of the trace", exact: true }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/\.audit\.tar\.gz$/);
  });

  test.each([
    ["desktop, light", { viewport: desktop, colorScheme: "light" }],
    ["phone, dark", { viewport: phone, colorScheme: "dark" }],
  ] as const)("every screen is accessible and fits: %s", async (_, look) => {
    const page = await open("/deliveries", look);
    await page.getByRole("link", { name: /booking-service/ }).waitFor();
    await expectAccessible(page);
    await expectFits(page);
    const parts = [
      ["", "Environments"],
      ["/timeline", "Hand-over"],
      ["/artifacts", "code-committer"],
      ["/pipeline", "Stages"],
      ["/rollout?environment=staging", "Probes"],
      ["/spans", /of work$/],
    ] as const;
    for (const [part, heading] of parts) {
      await page.goto(`${site.url()}${booking}${part}`);
      await page.getByRole("heading", { name: heading }).first().waitFor();
      await expectAccessible(page);
      await expectFits(page);
    }
    await page.goto(`${site.url()}${booking}/logs?environment=staging`);
    await page.getByRole("region", { name: "Log" }).waitFor();
    await expectAccessible(page);
    await expectFits(page);
    await page.goto(`${site.url()}${broken}/failure`);
    await page.getByRole("heading", { name: "What failed" }).waitFor();
    await expectAccessible(page);
    await expectFits(page);
  });

  test("the flow is a picture and a list that say the same", async () => {
    const page = await open(booking);
    await page.locator(".react-flow__node").getByText("awaiting approval").waitFor();
    await page.getByRole("radio", { name: "List" }).click();
    await page.locator('[aria-current="step"]').getByText("awaiting approval").waitFor();
  });
});

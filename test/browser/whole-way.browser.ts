/** From the hand-over to production and back again, by two people in two windows, and a connection that goes and comes. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { only } from "../e2e/support/events.ts";
import { ask } from "../e2e/support/http.ts";
import { writeModule } from "../e2e/support/modules.ts";
import { createStudioSite, type StudioSite } from "./support/studio-site.ts";

const words = "read the change, its tests and its plan";
let site: StudioSite;
beforeAll(async () => {
  site = await createStudioSite();
  const { releaseId, trace } = await handOver("1.0.0");
  for (const person of ["max", "olga"]) {
    const env = { CONNECTSOFT_TOKEN: await site.tokenOf(person) };
    const voted = await site.studio(["approve-release", releaseId, "--comment", words], { env });
    expect(voted.code, voted.stderr).toBe(0);
  }
  await site.follow(trace);
});
afterAll(() => site.close());

test("two people carry a version into production, and who runs it takes it back, each in a window of their own", async () => {
  const olga = await site.window("olga");
  await olga.goto(`${site.url()}/approvals`);
  await olga.getByText("Nothing waits for you").waitFor();
  const { releaseId, trace } = await handOver("1.1.0");
  // It appears without a reload.
  await olga.getByRole("link", { name: `Decide: ${releaseId}` }).click();
  await approve(olga);
  await olga.getByText(`${releaseId} still needs 1 more approval`).waitFor();

  const jane = await site.window("jane");
  await jane.goto(`${site.url()}/deliveries/${trace}/rooms`);
  await jane.getByRole("link", { name: `See ${releaseId}` }).waitFor();

  const max = await site.window("max");
  await max.goto(`${site.url()}/deliveries/${trace}/rooms`);
  await max.getByRole("link", { name: `Decide on ${releaseId}` }).click();
  await approve(max);
  await max.getByText(`${releaseId} goes on to production`).waitFor();
  await max.getByRole("link", { name: "See the delivery live" }).click();
  await max.getByText("Published").first().waitFor();
  expect(await versionServed(trace)).toBe("1.1.0");

  await jane.goto(`${site.url()}/deployments/production/rooms`);
  await jane.getByRole("button", { name: "Roll back now" }).click();
  const dialog = jane.getByRole("dialog");
  await dialog.getByText(/^Back to 1\.0\.0/).waitFor();
  await dialog.getByRole("textbox", { name: "Reason" }).fill("bookings are lost");
  await dialog.getByRole("button", { name: "Roll back now" }).click();
  await dialog.getByText(/1\.0\.0 \(release-\d+\) serves production again/).waitFor();
  await expect.poll(() => versionServed(trace), { timeout: 60_000 }).toBe("1.0.0");
  await olga.goto(`${site.url()}/deliveries/${trace}/rooms`);
  await olga.getByText("Rolled back").first().waitFor();
});

test("a connection that is lost is said, and what happened meanwhile is there when it is back", async () => {
  const page = await site.window("max");
  await page.goto(`${site.url()}/deliveries`);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.context().setOffline(true);
  await page.getByText(/^Connection lost/).waitFor();
  const folder = await writeModule(site.desk, { id: "halls" });
  const handedOver = await site.deliver(folder, ["--env", "staging"]);
  expect(handedOver.code, handedOver.stderr).toBe(0);
  expect(await page.getByText("halls").count()).toBe(0);
  await page.context().setOffline(false);
  await page.getByText("halls").first().waitFor();
  await page.getByText(/^Connection lost/).waitFor({ state: "detached" });
});

async function handOver(version: string) {
  const folder = await writeModule(site.desk, { id: "rooms", version });
  const env = { CONNECTSOFT_TOKEN: await site.tokenOf("jane") };
  const { events, trace } = await site.deliver(folder, ["--env", "production"], { env });
  return { trace, releaseId: String(only(events, "ReleaseProposed").data.releaseId) };
}

async function approve(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  const dialog = page.getByRole("dialog").last();
  await dialog.getByRole("textbox").first().fill(words);
  await dialog.getByRole("button", { name: "Approve", exact: true }).click();
}

async function versionServed(trace: string): Promise<unknown> {
  const deployed = (await site.events(trace)).findLast(({ type }) => type.endsWith("DeploymentCompleted"));
  const { status, body } = await ask(String(deployed?.data.url));
  return status === 200 ? JSON.parse(body).version : status;
}

/** Programs outside, set up in Studio: one that is told, and one that calls. Both are real, and prove themselves by the secret that was shown. */
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSignedBy, webhookReceiver } from "../support/webhook-receiver.ts";
import { expectAccessible, expectFits } from "./support/accessible.ts";
import { createStudioSite, desktop, phone, type StudioSite } from "./support/studio-site.ts";

const admin = userInfo().username;
const probe = `<img src=x onerror="document.title='broken'">`;
/** Long, one word for all its comma, and of nothing that is ever written. */
const unwritten = "**/{PlanThatNobodyWrites,OtherPlanThatNobodyWrites}.yaml";
const screen = "/administration/subscriptions";
let site: StudioSite;
let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let directory: string;
let repository: string;

beforeAll(async () => {
  receiver = await webhookReceiver();
  site = await createStudioSite({
    tenant: `
id: local
people:
  - { id: ${admin}, roles: [StudioAdmin, DevOpsEngineer, Developer] }
  - { id: jane, roles: [Developer] }
serviceAccounts: [{ id: forge, owner: ${admin}, roles: [Developer] }]
environments: [{ id: staging }]
subscriptions: { allowPrivate: true }
`,
  });
  directory = await mkdtemp(path.join(tmpdir(), "connectsoft-subscriptions-"));
  repository = path.join(directory, "booking-service");
  await cp(path.join(import.meta.dirname, "../../examples/booking-service"), repository, { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("-c", "user.name=Jane", "-c", "user.email=jane@example.org", "commit", "--quiet", "-m", "feat: all");
});
afterAll(async () => {
  receiver.close();
  await site.close();
  await rm(directory, { recursive: true, force: true });
});

function git(...args: string[]): string {
  return execFileSync("git", ["-C", repository, ...args])
    .toString()
    .trim();
}

async function at(person: string, look?: Parameters<StudioSite["window"]>[1]): Promise<Page> {
  const page = await site.window(person, look);
  await page.goto(site.url() + screen);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

function field(page: Page, name: string) {
  return page.getByRole("dialog").getByRole("textbox", { name });
}

/** What is shown once stands in the dialog, and nowhere once it is closed. */
async function takeSecret(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog");
  await dialog.getByText("This secret is shown once").waitFor();
  const secret = (await dialog.locator("pre").textContent()) ?? "";
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  expect(await page.content()).not.toContain(secret);
  return secret;
}

/** As GitHub calls. */
function push(address: string, secret: string): Promise<Response> {
  const body = JSON.stringify({
    ...{ ref: "refs/heads/main", after: git("rev-parse", "HEAD"), repository: { clone_url: repository } },
  });
  return fetch(address, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": "d-1",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
    body,
  });
}

test("a receiver is set up, refused by its fields first, tested, told, and told again", async () => {
  const page = await at(admin);
  await page.getByRole("button", { name: "New subscription" }).click();
  const dialog = page.getByRole("dialog");
  await field(page, "Name").fill("ops");
  await field(page, "Address").fill(receiver.url);
  await field(page, "Events").fill(`ModuleReady ${probe.split(" ")[0]}`);
  await dialog.getByText("It may be in a private network").click();
  await dialog.getByRole("button", { name: "Make it" }).click();
  await dialog.getByText(/is no type of event/).waitFor();
  expect(await field(page, "Address").inputValue()).toBe(receiver.url);
  await field(page, "Events").fill("ModuleReady");
  await field(page, "Artifacts").fill(`${unwritten}, memory/**/NorThis.yaml`);
  await dialog.getByRole("button", { name: "Make it" }).click();
  const secret = await takeSecret(page);

  await page.getByRole("button", { name: "Test ops" }).click();
  await dialog.getByRole("button", { name: /Type of event/ }).click();
  await page.getByRole("option", { name: "ModuleReady" }).click();
  await dialog.getByRole("button", { name: "Send it" }).click();
  await dialog.getByText("answered 200").waitFor();
  await dialog.getByText(/It was a sample/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  expect(receiver.arrivals.map((arrived) => isSignedBy(secret, arrived))).toEqual([true]);
  expect(JSON.parse(receiver.arrivals[0]?.body ?? "").sample).toBe(true);

  await page.getByRole("button", { name: "New hook" }).click();
  await field(page, "Name").fill("booking");
  await field(page, "Repository").fill(repository);
  await dialog.getByRole("button", { name: "Make it" }).click();
  const address = await dialog.getByText(/\/api\/v1\/hooks\/local\/booking$/).textContent();
  const hookSecret = await takeSecret(page);
  expect((await push(String(address), "somebody else's")).status).toBe(401);
  expect(await (await push(String(address), hookSecret)).json()).toMatchObject({ state: "done" });
  await page.getByRole("button", { name: "Received by booking" }).click();
  await page
    .getByRole("table", { name: "Received by booking" })
    .getByText(/handed over booking-service/)
    .waitFor();
  expect(page.url()).toContain("hook=booking");

  await expect.poll(() => receiver.arrivals.length).toBe(2);
  await page.getByRole("button", { name: "Attempts to tell ops" }).click();
  const attempts = page.getByRole("table", { name: "Attempts to tell ops" });
  await attempts.getByText(/answered 200/).waitFor();
  await attempts.getByRole("button", { name: "Send again: ModuleReady" }).click();
  await expect.poll(() => receiver.arrivals.length).toBe(3);
  const ids = receiver.arrivals.map(({ headers }) => headers["webhook-id"]);
  expect(ids[2]).toBe(ids[1]);
  await page.getByRole("button", { name: /All State/ }).press("Enter");
  await page.getByRole("option", { name: "Given up" }).click();
  await page.getByText("None of this state.").waitFor();
  expect(page.url()).toMatch(/subscription=ops&state=dead/);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("BUTTON");
});

test("what was not taken is listed with its next try, and given up at the last one", async () => {
  const page = await at(admin);
  await page.getByRole("button", { name: "Change ops" }).click();
  receiver.behaviour.status = 500;
  const most = page.getByRole("dialog").getByRole("spinbutton", { name: "Attempts" });
  await most.fill("2");
  await most.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Attempts to tell ops" }).click();
  const attempts = page.getByRole("table", { name: "Attempts to tell ops" });
  await attempts.getByRole("button", { name: "Send again: ModuleReady" }).click();
  await attempts.getByText(/answered 500/).waitFor();
  await attempts.getByText(/Next try/).waitFor();
  receiver.behaviour.status = 422;
  await attempts.getByText("Given up", { exact: true }).waitFor();
  receiver.behaviour.status = 200;
  await attempts.getByRole("button", { name: "Send again: ModuleReady" }).click();
  await attempts.getByText("Sent", { exact: true }).waitFor();
});

test("what somebody changed meanwhile is shown and not undone, and what was typed stays", async () => {
  const [page, other] = [await at(admin, { viewport: phone }), await at(admin)];
  await page.getByRole("button", { name: "Change ops" }).click();
  const save = (of: Page, name = "Change it") =>
    of.getByRole("dialog").getByRole("button", { name, exact: true });
  await field(page, "What it is for").fill(`told by me ${probe}`);

  await other.getByRole("button", { name: "Change ops" }).press("Enter");
  expect(await field(other, "Events").inputValue()).toBe("ModuleReady");
  await field(other, "Events").fill("deployed failed");
  await field(other, "Events").press("Enter");
  await other.getByRole("rowheader", { name: /ops/ }).waitFor();
  await other.getByRole("cell", { name: /deployed failed/ }).waitFor();

  await save(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/changed it meanwhile: your change is not made/).waitFor();
  await dialog.getByText("deployed failed", { exact: true }).waitFor();
  expect(await field(page, "What it is for").inputValue()).toBe(`told by me ${probe}`);
  await expectAccessible(page);
  await expectFits(page);
  await save(page, "Change it all the same").click();
  await page.getByRole("rowheader", { name: /told by me <img/ }).waitFor();
  const selects = page.getByRole("cell", { name: /ModuleReady/ });
  await selects.getByText(unwritten, { exact: true }).waitFor();
});

test("a receiver is paused with a reason, what gathers waits, and it is let go on with it or without", async () => {
  const page = await at(admin, { viewport: phone });
  await page.getByRole("button", { name: "Pause ops" }).press("Enter");
  const dialog = page.getByRole("dialog");
  const pause = dialog.getByRole("button", { name: "Pause", exact: true });
  expect(await pause.isDisabled()).toBe(true);
  await field(page, "Reason").fill(`it moves ${probe}`);
  await expectAccessible(page);
  await field(page, "Reason").press("Enter");
  await page.getByText("Paused", { exact: true }).waitFor();
  await page.getByText(`it moves ${probe}`, { exact: true }).waitFor();
  const before = receiver.arrivals.length;
  await page.getByRole("button", { name: "Attempts to tell ops" }).click();
  const attempts = page.getByRole("table", { name: "Attempts to tell ops" });
  await attempts.getByRole("button", { name: "Send again: ModuleReady" }).click();
  await attempts.getByText("Waits", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Resume ops" }).click();
  await dialog.getByText(/What has gathered \(1\) is sent in its order/).waitFor();
  await dialog.getByText("Skip what has gathered").click();
  await dialog.getByText(/What has gathered \(1\) is left out/).waitFor();
  await expectAccessible(page);
  await expectFits(page);
  await dialog.getByRole("button", { name: "Resume", exact: true }).click();
  await attempts.getByText("Skipped", { exact: true }).waitFor();
  await page.getByText("Active", { exact: true }).waitFor();
  expect(receiver.arrivals).toHaveLength(before);
});

test("a hook does something else, and is called with its new secret alone", async () => {
  const page = await at(admin);
  await page.getByRole("button", { name: "Change booking" }).click();
  expect(await field(page, "Repository").inputValue()).toBe(repository);
  await field(page, "Branches").fill("release/*");
  await field(page, "Module").fill("Not A Slug");
  await field(page, "Module").press("Enter");
  await page
    .getByRole("dialog")
    .getByText(/moduleId|expected 1 to 63 lower-case/)
    .waitFor();
  await field(page, "Module").fill("booking");
  await field(page, "Module").press("Enter");
  await page.getByRole("cell", { name: /Hands over release\/\* of/ }).waitFor();
  await page.getByRole("button", { name: "New secret for booking" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  const address = `${site.url()}/api/v1/hooks/local/booking`;
  const secret = await takeSecret(page);
  expect(await (await push(address, secret)).json()).toMatchObject({ state: "duplicate" });
});

test("who may not sees what there is, and why it is not theirs to change", async () => {
  const page = await at("jane");
  await page.getByRole("rowheader", { name: /ops/ }).waitFor();
  await page.getByRole("button", { name: /^New subscription/ }).click();
  await page.getByText(/jane \(Developer\) may not manage subscriptions and hooks/).waitFor();
  await page.keyboard.press("Escape");
  for (const name of [/^Change ops/, /^New secret for booking/]) {
    await page.getByRole("button", { name }).click();
    await page.getByText(/jane \(Developer\) may not/).waitFor();
    await page.keyboard.press("Escape");
  }
});

test.each([
  ["desktop, light", { viewport: desktop, colorScheme: "light" }],
  ["phone, dark", { viewport: phone, colorScheme: "dark" }],
] as const)("the screen and its dialogs are accessible and fit: %s", async (_, look) => {
  const page = await at(admin, look);
  await page.goto(`${site.url()}${screen}?subscription=ops`);
  await page.getByRole("table", { name: "Attempts to tell ops" }).waitFor();
  await expectAccessible(page);
  await expectFits(page);
  for (const name of ["New subscription", "New hook", "Change ops", "Change booking", "Test ops"]) {
    await page.getByRole("button", { name }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
    await expectAccessible(page);
    await expectFits(page);
    await page.keyboard.press("Escape");
  }
});

test("a receiver that is removed is told no more", async () => {
  const page = await at(admin);
  await page.getByRole("button", { name: "Remove ops" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("Nobody outside is told").waitFor();
});

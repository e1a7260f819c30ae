/** `npm run screenshots`: pictures of Studio's main screens for the docs, of a real installation with real deliveries. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { createStudioSite, desktop, type Look, phone } from "../../test/browser/support/studio-site.ts";
import { root } from "../../test/e2e/support/run-program.ts";
import { tellStory } from "./tell-story.ts";

const folder = path.join(root, "docs/images");
const light = { viewport: desktop, colorScheme: "light" } as const;
const dark = { viewport: desktop, colorScheme: "dark" } as const;
const onPhone = { viewport: phone, colorScheme: "light" } as const;

const site = await createStudioSite();
try {
  await mkdir(folder, { recursive: true });
  const { trace, waiting } = await tellStory(site);
  const screens: [name: string, person: string, look: Look, address: string, ready: string][] = [
    ["approvals", "max", light, "/approvals", "Waits for you"],
    ["approval", "max", light, `/approvals/${waiting}`, "What to weigh"],
    ["approval-dark", "olga", dark, `/approvals/${waiting}`, "What to weigh"],
    ["approval-phone", "max", onPhone, `/approvals/${waiting}`, "What to weigh"],
    ["deliveries", "jane", light, "/deliveries", "rooms"],
    ["delivery", "jane", light, `/deliveries/${trace}/rooms`, "Environments"],
    ["timeline", "jane", light, `/deliveries/${trace}/rooms/timeline`, "Hand-over"],
    ["deployments", "jane", light, "/deployments", "rooms"],
    ["insight", "max", light, "/insight", "Lead time"],
    ["audit", "sec", light, "/audit", "Audit"],
    ["freezes", "sec", light, "/administration/freezes?month=2026-12", "Year end"],
  ];
  for (const [name, person, look, address, ready] of screens) {
    const page = await site.window(person, look);
    await take(page, { name, address, ready });
    await page.context().close();
  }
} finally {
  await site.close();
}

async function take(page: Page, screen: { name: string; address: string; ready: string }): Promise<void> {
  await page.goto(`${site.url()}${screen.address}`);
  await page.getByText(screen.ready).first().waitFor();
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
  await page.screenshot({ path: path.join(folder, `studio-${screen.name}.png`), animations: "disabled" });
  process.stdout.write(`docs/images/studio-${screen.name}.png\n`);
}

/** A real installation with people, seen through a real browser. */
import { userInfo } from "node:os";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { createInstallation, type Installation } from "../../e2e/support/installation.ts";
import { launchBrowser } from "./chromium.ts";

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 360, height: 740 };

export interface Look {
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  reducedMotion?: "reduce" | "no-preference";
}

export interface StudioSite extends Installation {
  browser: Browser;
  /** The address that people open. */
  url(): string;
  tokenOf(person: string): Promise<string>;
  /** A window of this person's own, signed in; what the page complains of fails `close`. */
  window(person: string, look?: Look): Promise<Page>;
  /** A window in which nobody is signed in. */
  stranger(look?: Look): Promise<Page>;
}

/** Two people who must both approve production, one who hands over, an administrator, one who may only look, and one without a role. */
const people = `
id: local
people:
  - { id: ${userInfo().username}, roles: [StudioAdmin, DevOpsEngineer, Developer] }
  - { id: jane, roles: [Developer, Deployer] }
  - { id: max, roles: [ReleaseManager] }
  - { id: olga, roles: [ProductOwner] }
  - { id: sec, roles: [SecurityReviewer, StudioApprover], claims: [override.freeze] }
  - { id: viktor, roles: [Auditor] }
  - { id: tina, roles: [] }
environments: [{ id: staging }, { id: production }]
releasePolicy:
  environments:
    production:
      requiresApproval: true
      approvals: [{ roles: [ProductOwner] }, { roles: [SecurityReviewer, ReleaseManager] }]
      requireJustification: true
`;

export async function createStudioSite(
  options: { tenant?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<StudioSite> {
  const browser = await launchBrowser();
  const site = await createInstallation({ tenant: people, ...options }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  const contexts: BrowserContext[] = [];
  const troubles: string[] = [];
  const tokens = new Map<string, string>();

  async function open({ viewport = desktop, ...look }: Look = {}): Promise<Page> {
    const context = await browser.newContext({ viewport, timezoneId: "Europe/Berlin", ...look });
    // A busy machine takes several times what an idle one takes; what hangs ends all the same.
    context.setDefaultTimeout(120_000);
    contexts.push(context);
    const page = await context.newPage();
    page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      // What the server refuses, Chromium writes to the console too.
      const isAnswer = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isAnswer) troubles.push(`${page.url()}: ${message.text()}`);
    });
    return page;
  }

  const tokenOf = async (person: string): Promise<string> => {
    const known = tokens.get(person) ?? (await site.ok(["token", "create", person]));
    tokens.set(person, known);
    return known;
  };

  return {
    ...site,
    browser,
    url: () => site.server().url,
    tokenOf,
    async window(person, look) {
      const token = await tokenOf(person);
      const page = await open(look);
      const { url } = site.server();
      const answer = await page.request.post(`${url}/session`, { data: { token }, headers: { origin: url } });
      if (!answer.ok()) throw new Error(`${person} cannot sign in: ${await answer.text()}`);
      return page;
    },
    stranger: open,
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      await site.close();
      if (troubles.length > 0) throw new Error(`pages complained:\n${troubles.join("\n")}`);
    },
  };
}

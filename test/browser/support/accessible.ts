/** What every screen must hold: WCAG 2.2 AA by axe, and nothing wider than the window. */
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** The page is at rest: what it asked for is there. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await axeSource());
  const violations = await page.evaluate(async (values) => {
    const { axe } = window as unknown as {
      axe: { run(root: Document, options: object): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(document, { runOnly: { type: "tag", values } })).violations;
  }, tags);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(describe).join("\n")}`);
  expect(told, page.url()).toEqual([]);
}

/** Nobody scrolls sideways. */
export async function expectFits(page: Page): Promise<void> {
  const { content, view } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    view: document.documentElement.clientWidth,
  }));
  expect(content, `${page.url()} is wider than its window`).toBeLessThanOrEqual(view);
}

let source: Promise<string> | undefined;

function axeSource(): Promise<string> {
  source ??= import("node:fs/promises").then(({ readFile }) => readFile(axe, "utf8"));
  return source;
}

function describe({ target, failureSummary = "" }: Violation["nodes"][number]): string {
  return `  ${target.join(" ")}: ${failureSummary.replaceAll("\n", " ")}`;
}

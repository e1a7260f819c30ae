/** A window on a real server: how heavy its first load is, how fast an event is seen, how smoothly a long timeline scrolls. */
import type { Page } from "playwright-core";
import { createStudioSite, desktop, type StudioSite } from "../../test/browser/support/studio-site.ts";
import { writeModule } from "../../test/e2e/support/modules.ts";
import { argument, say } from "../support/program.ts";

const { loads, comments, events, scrollMs } = argument<{
  loads: number;
  comments: number;
  events: number;
  scrollMs: number;
}>();

const site = await createStudioSite();
try {
  const { trace, releaseId } = await waitingRelease(site);
  const loaded = [];
  for (let nth = 0; nth < loads; nth += 1) loaded.push(await firstLoad(site));
  const pixelMs = await eventsToPixels(site, { releaseId, count: comments });
  await writeEvents(site, releaseId, events);
  const frameMs = await scrollTimeline(site, trace, scrollMs);
  await say({ kind: "result", loaded, pixelMs, frameMs });
} finally {
  await site.close();
}
process.exit(0);

async function waitingRelease(site: StudioSite) {
  const folder = await writeModule(site.desk, { id: "rooms" });
  const { trace } = await site.deliver(folder, ["--env", "production"]);
  const waiting = await site.until(trace, ({ instances }) =>
    instances.some(({ states }) => states.includes("awaiting_approval")),
  );
  const releaseId = waiting.instances.find(({ environment }) => environment === "production")?.releaseId;
  if (releaseId === undefined) throw new Error("no release waits for approval");
  return { trace, releaseId };
}

/** Nothing of it is in the browser's cache. */
async function firstLoad(site: StudioSite) {
  const page = await site.window("max");
  await page.goto("about:blank");
  const began = performance.now();
  await page.goto(`${site.url()}/approvals`, { waitUntil: "commit" });
  await page.getByRole("heading", { level: 1 }).waitFor();
  const ms = performance.now() - began;
  const scriptBytes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
  await page.context().close();
  return { ms, scriptBytes };
}

/** From before the request that makes the event until its words stand in the document of somebody else's window. */
async function eventsToPixels(
  site: StudioSite,
  { releaseId, count }: { releaseId: string; count: number },
): Promise<number[]> {
  const page = await site.window("olga");
  await page.goto(`${site.url()}/approvals/${releaseId}`);
  await page.getByText("Live", { exact: true }).waitFor();
  const samples: number[] = [];
  // The first one loads what the screen has not needed before.
  for (let nth = 0; nth <= count; nth += 1) {
    const words = `word ${nth} of max`;
    const seen = page.evaluate(seenAt, words);
    const began = Date.now();
    await comment(site, releaseId, words);
    samples.push((await seen) - began);
  }
  await page.context().close();
  return samples.slice(1);
}

function seenAt(words: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.body.textContent.includes(words)) return;
      observer.disconnect();
      // What the next frame shows is a pixel.
      requestAnimationFrame(() => resolve(Date.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
}

async function writeEvents(site: StudioSite, releaseId: string, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) await comment(site, releaseId, `line ${nth} of a long story`);
}

/** Milliseconds between frames. */
async function scrollTimeline(site: StudioSite, trace: string, forMs: number): Promise<number[]> {
  const page = await site.window("max", { viewport: desktop });
  await page.goto(`${site.url()}/deliveries/${trace}/rooms/timeline`);
  // Only what is in sight is drawn; each row says how many there are.
  await page.waitForFunction((rows) => {
    const shown = document.querySelector("[aria-setsize]")?.getAttribute("aria-setsize");
    return Number(shown) >= rows;
  }, events);
  await untilQuiet(page);
  return page.evaluate(async (duration) => {
    const tall = [...document.querySelectorAll("*")].toSorted((a, b) => b.scrollHeight - a.scrollHeight);
    const place = tall.find(
      (one) => one.scrollHeight > one.clientHeight + 1_000 && getComputedStyle(one).overflowY !== "visible",
    );
    const scroller = place ?? document.scrollingElement;
    if (scroller === null) throw new Error("nothing scrolls");
    const frames: number[] = [];
    let last = performance.now();
    const end = last + duration;
    let step = 60;
    while (last < end) {
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - last);
      last = now;
      const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
      if (atEnd) step = -60;
      else if (scroller.scrollTop === 0) step = 60;
      scroller.scrollTop += step;
    }
    return frames.slice(1);
  }, forMs);
}

async function untilQuiet(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
}

async function comment(site: StudioSite, releaseId: string, text: string): Promise<void> {
  const answer = await fetch(`${site.url()}/api/v1/releases/${releaseId}/comments`, {
    method: "POST",
    headers: { authorization: `Bearer ${await site.tokenOf("max")}`, "content-type": "application/json" },
    body: JSON.stringify({ comment: text }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

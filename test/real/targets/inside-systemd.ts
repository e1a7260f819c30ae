/**
 * Runs a test file where systemd is the first process: in a privileged container with this repository, made of
 * Debian's packages. Hosts whose systemd runs need none of it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { inspectEngine } from "../../../src/adapters/target/local/runtimes/container/engine.ts";
import { execute } from "../deployables/tools.ts";

const image = "localhost/connectsoft-test-systemd:1";
const repository = path.resolve(import.meta.dirname, "../../..");
const bootsWithinMs = 60_000;

export async function runInsideSystemd(file: string): Promise<{ output: string } | { missing: string }> {
  const engine = await inspectEngine("podman");
  if ("unusable" in engine) return { missing: `no container can run it: ${engine.unusable}` };
  const built = await buildImage();
  if (built !== undefined) return { missing: built };
  const name = `connectsoft-test-systemd-${process.pid}`;
  const node = path.dirname(process.execPath);
  try {
    await execute("podman", [
      ...engine.globalOptions,
      ...["run", "--detach", "--name", name, "--privileged", "--systemd", "always", "--network", "host"],
      ...engine.hostOptions,
      // What the tests write stays in the container.
      ...["--volume", `${repository}:${repository}:O`, "--volume", `${node}:${node}:ro`],
      ...["--tmpfs", "/tmp:rw,mode=1777,exec"],
      image,
    ]);
    await expect
      .poll(
        () =>
          execute("podman", ["exec", name, "systemctl", "is-system-running"]).then(
            ({ stdout }) => stdout.trim(),
            (error) => error.stdout?.trim(),
          ),
        { timeout: bootsWithinMs },
      )
      .toMatch(/running|degraded/);
    const vitest = [
      path.join(repository, "node_modules/vitest/vitest.mjs"),
      "run",
      "--config",
      "vitest.real.config.ts",
    ];
    const { stdout } = await execute("podman", [
      ...["exec", "--workdir", repository, "--env", `PATH=${node}:/usr/sbin:/usr/bin:/sbin:/bin`, name],
      ...[process.execPath, ...vitest, "--reporter=verbose", file],
    ]).catch((error: { stdout?: string; stderr?: string }) => {
      throw new Error(`the tests fail inside:\n${error.stdout}\n${error.stderr}`);
    });
    return { output: stdout };
  } finally {
    await execute("podman", ["rm", "--force", "--time", "0", name]).catch(() => {});
  }
}

/** Why it cannot be had; undefined where it is there. */
async function buildImage(): Promise<string | undefined> {
  const isThere = await execute("podman", ["image", "exists", image]).then(
    () => true,
    () => false,
  );
  if (isThere) return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), "systemd-image-"));
  const archive = path.join(folder, "root.tar");
  try {
    const packages = "--include=systemd,dbus,libstdc++6,ca-certificates";
    await execute("mmdebstrap", ["--quiet", "--variant=minbase", packages, "bookworm", archive]);
    await execute("podman", [
      "import",
      "--quiet",
      "--change",
      'CMD ["/lib/systemd/systemd"]',
      "--change",
      "ENV container=podman",
      archive,
      image,
    ]);
    return undefined;
  } catch (error) {
    return `its image cannot be made (mmdebstrap): ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

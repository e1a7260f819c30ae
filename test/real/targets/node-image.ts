/** An image with our Node in it and nothing else, made FROM scratch: no registry is asked. */

import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execute } from "../deployables/tools.ts";

export const nodeImage = `localhost/connectsoft-test-node:${process.versions.node}`;

/** The root file system of the image: Node, and the libraries that it names. */
async function layRoot(root: string): Promise<void> {
  const node = realpathSync(process.execPath);
  const { stdout } = await execute("ldd", [node]);
  const libraries = [...stdout.matchAll(/(\/\S+)\s+\(0x/g)].map(([, path = ""]) => path);
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  mkdirSync(join(root, "tmp"), { recursive: true });
  copyFileSync(node, join(root, "usr/bin/node"));
  for (const library of libraries) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}

/** Once for all suites, and for later runs. */
export async function buildNodeImage(engine: "podman" | "docker"): Promise<void> {
  if (await isThere(engine)) return;
  const folder = mkdtempSync(join(tmpdir(), "node-image-"));
  try {
    await layRoot(join(folder, "root"));
    writeFileSync(
      join(folder, "Dockerfile"),
      ["FROM scratch", "COPY root/ /", "ENV PATH=/usr/bin", ""].join("\n"),
    );
    const chmod = ["-R", "u=rwX,go=rX", join(folder, "root")];
    await execute("chmod", chmod);
    await execute("chmod", ["1777", join(folder, "root/tmp")]);
    if (engine === "podman") await execute("podman", ["build", "--quiet", "--tag", nodeImage, folder]);
    else await importIntoDocker(join(folder, "root"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isThere(engine: "podman" | "docker"): Promise<boolean> {
  return execute(engine, ["image", "inspect", nodeImage]).then(
    () => true,
    () => false,
  );
}

/** Without a builder, which Debian's docker may lack. */
async function importIntoDocker(root: string): Promise<void> {
  const tar = spawn("tar", ["-c", "-C", root, "."], { stdio: ["ignore", "pipe", "inherit"] });
  const docker = spawn("docker", ["import", "--change", "ENV PATH=/usr/bin", "-", nodeImage], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  await Promise.all([
    pipeline(tar.stdout, docker.stdin),
    new Promise<void>((resolve, reject) =>
      docker.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`docker import: ${code}`)))),
    ),
  ]);
}

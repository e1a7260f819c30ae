/** Debian's `docker-registry` on a loopback port, its data in a temporary folder; it can be stopped and started again. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";

const has = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;

/** Why there is none, empty where there is. */
export const noRegistry = !has("docker-registry", "--version")
  ? "docker-registry is not installed"
  : !has("skopeo", "--version")
    ? "skopeo is not installed"
    : "";

/** The line of `htpasswd -B` for it. */
export const login = "acme:s3cret-of-acme";
const passwordLine = "acme:$2b$05$abcdefghijklmnopqrstuua5qrQ9o3ssmpuffT7.V4nN2TacpUyyW\n";

export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

export async function startRegistry({ asksForLogin = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, "htpasswd"), passwordLine);
  const auth = { htpasswd: { realm: "acme", path: join(folder, "htpasswd") } };
  const configuration = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host },
    ...(asksForLogin && { auth }),
  };
  // JSON is YAML.
  await writeFile(join(folder, "config.yml"), JSON.stringify(configuration));
  let child = await launch(folder, host);
  const blobFile = (digest: string) => {
    const hex = digest.slice("sha256:".length);
    return join(folder, "data/docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
  };
  const stop = async () => {
    if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "exit");
  };
  return {
    address: `${host}/acme`,
    /** What it has of a blob, as it is in its storage. */
    read: (digest: string) => readFile(blobFile(digest), "utf8"),
    /** Puts other bytes in the place of a blob, as somebody with its disk at hand would. */
    tamper: (digest: string, bytes: string) => writeFile(blobFile(digest), bytes),
    remove: (digest: string) => rm(blobFile(digest)),
    stop,
    async start(): Promise<void> {
      child = await launch(folder, host);
    },
    async dispose(): Promise<void> {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, host: string) {
  const shell = `exec docker-registry serve ${join(folder, "config.yml")} >>${join(folder, "log")} 2>&1`;
  const child = spawn("sh", ["-c", shell], { stdio: "ignore" });
  // Any answer will do, also that a login is wanted.
  await vi.waitFor(() => fetch(`http://${host}/v2/`), { timeout: 30_000 });
  return child;
}

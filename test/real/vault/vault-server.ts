/** A real OpenBao or HashiCorp Vault in its development mode: everything in memory, gone when it ends. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";

const named = process.env.CONNECTSOFT_VAULT_PROGRAM;

/** The program, and which of the two it is; undefined where neither is to be had. */
export const vaultProgram = [...(named === undefined ? [] : [named]), "bao", "vault"].flatMap((program) => {
  try {
    const version = execFileSync(program, ["version"], { encoding: "utf8" }).trim();
    return [{ program, version, kind: version.startsWith("OpenBao") ? "openbao" : "vault" }];
  } catch {
    return [];
  }
})[0];

export interface VaultServer {
  address: string;
  rootToken: string;
  /** As root. */
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startVault(): Promise<VaultServer> {
  if (vaultProgram === undefined) throw new Error("no vault");
  const rootToken = "root-of-the-test";
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const home = await mkdtemp(join(tmpdir(), "vault-"));
  const child: ChildProcess = spawn(
    vaultProgram.program,
    [
      "server",
      "-dev",
      `-dev-root-token-id=${rootToken}`,
      `-dev-listen-address=127.0.0.1:${port}`,
      "-dev-no-store-token",
    ],
    { stdio: "ignore", env: { PATH: process.env.PATH, HOME: home } },
  );
  const call: VaultServer["call"] = async (method, path, body) => {
    const response = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { "x-vault-token": rootToken },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
  await vi.waitFor(() => call("GET", "sys/mounts/secret/tune"), { timeout: 60_000, interval: 100 });
  return {
    address,
    rootToken,
    call,
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

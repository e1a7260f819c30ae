/** BIND's own `named` on a loopback port, with a zone that takes signed updates and one that takes none. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../../src/adapters/target/local/runtimes/process/listening-ports.ts";
import type { DnsServer } from "../../../src/ports/dns.ts";

const run = promisify(execFile);

/** Debian keeps it where only root's path leads. */
const program = ["/usr/sbin/named", "named"].find((one) => spawnSync(one, ["-v"]).status === 0);
export const hasNamed = program !== undefined && spawnSync("nsupdate", ["-V"]).status === 0;

export const zone = "acme.example";
export const closedZone = "closed.example";

export type Named = Awaited<ReturnType<typeof startNamed>>;

export async function startNamed() {
  const folder = await mkdtemp(path.join(tmpdir(), "named-"));
  const port = await freePort();
  const key = randomBytes(32).toString("base64");
  await writeFile(path.join(folder, "named.conf"), configuration(folder, port, key));
  for (const name of [zone, closedZone]) await writeFile(path.join(folder, name), zoneFile(name));
  const access: DnsServer = {
    server: "127.0.0.1",
    port,
    zone,
    keyName: "delivery",
    algorithm: "hmac-sha256",
    key,
  };
  let child = await launch(folder);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
  };
  return {
    access,
    folder,
    /** As `dig` is answered, in short form, sorted. */
    async dig(name: string, type: string): Promise<string[]> {
      const { stdout } = await run("dig", ["@127.0.0.1", "-p", String(port), "+short", name, type]);
      // Lines with a semicolon are dig's own remarks, such as of a first try that was answered too late.
      return stdout
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith(";"))
        .sort();
    },
    /** By hand, as somebody with the same key would. */
    async byHand(...lines: string[]): Promise<void> {
      const keyFile = path.join(folder, "hand.key");
      await writeFile(keyFile, keyClause(key), { mode: 0o600 });
      const script = path.join(folder, "hand.txt");
      await writeFile(script, [`server 127.0.0.1 ${port}`, `zone ${zone}.`, ...lines, "send", ""].join("\n"));
      await run("nsupdate", ["-k", keyFile, script]);
    },
    stop,
    async start(): Promise<void> {
      child = await launch(folder);
    },
    async dispose(): Promise<void> {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string) {
  const child = spawn(program ?? "named", ["-g", "-c", path.join(folder, "named.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (/all zones loaded/.test(output)) resolve();
    });
    child.once("exit", () => reject(new Error(`named ended: ${output}`)));
  });
  return child;
}

function keyClause(key: string): string {
  return `key "delivery" { algorithm hmac-sha256; secret "${key}"; };\n`;
}

function configuration(folder: string, port: number, key: string): string {
  return `${keyClause(key)}
options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file "${folder}/named.pid";
  session-keyfile "${folder}/session.key";
  recursion no;
  dnssec-validation no;
};
controls { };
zone "${zone}" { type primary; file "${zone}"; allow-update { key "delivery"; }; };
zone "${closedZone}" { type primary; file "${closedZone}"; };
`;
}

function zoneFile(name: string): string {
  return `$TTL 60
@ IN SOA ns.${name}. hostmaster.${name}. ( 1 3600 600 86400 60 )
@ IN NS ns.${name}.
ns IN A 127.0.0.1
theirs IN A 192.0.2.7
`;
}

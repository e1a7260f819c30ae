/** One signed update by `nsupdate`; the key goes through a file that only we can read, never on a command line. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import type { DnsServer } from "../../../ports/dns.ts";

/** `unmet`: a prerequisite does not hold, and nothing was changed. */
export type Sent = "done" | "unmet";

const timeoutSeconds = 5;
const unmetAnswers = /update failed: (NXDOMAIN|YXDOMAIN|NXRRSET|YXRRSET)/;

export async function sendUpdate(server: DnsServer, update: readonly string[]): Promise<Sent> {
  const folder = await mkdtemp(join(tmpdir(), "connectsoft-dns-"));
  try {
    const keyFile = join(folder, "key");
    await writeFile(keyFile, keyText(server), { mode: 0o600 });
    const lines = [
      `server ${server.server} ${server.port}`,
      `zone ${server.zone}.`,
      ...update,
      "send",
      "quit",
      "",
    ];
    const { code, output } = await nsupdate(keyFile, lines.join("\n"));
    if (code === 0) return "done";
    if (unmetAnswers.test(output)) return "unmet";
    throw notTaken(server, output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function keyText({ keyName, algorithm, key }: DnsServer): string {
  const secret = key.trim();
  if (!base64.test(secret))
    throw refuse(
      "InputInvalid",
      `The key ${keyName} is not in base64.`,
      "Set it as tsig-keygen prints it after `secret`, without the quotes.",
    );
  return `key "${keyName}" {\n  algorithm ${algorithm};\n  secret "${secret}";\n};\n`;
}

function nsupdate(keyFile: string, input: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const args = ["-v", "-k", keyFile, "-t", String(timeoutSeconds)];
    const child = spawn("nsupdate", args, { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? noProgram() : error),
    );
    child.on("close", (code) => resolve({ code, output }));
    // It may end before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function noProgram(): Error {
  return refuse(
    "Unavailable",
    "DNS names need the program nsupdate, and this host has none.",
    "Install it: bind9-dnsutils on Debian, bind-utils elsewhere.",
  );
}

/** The server's answers by their meaning; the last line is the one that says it. */
function notTaken({ server, port, zone, keyName }: DnsServer, output: string): Error {
  const place = `The DNS server ${server}:${port}`;
  if (/BADKEY|BADSIG|BADTIME|TSIG|bad key/i.test(output))
    return refuse(
      "Unavailable",
      `${place} does not take the key ${keyName}: ${lastLine(output)}`,
      "Set the key that the server knows, with its name and algorithm in `environments[].dns`; and compare the clocks.",
    );
  if (/REFUSED|NOTAUTH|NOTZONE|SERVFAIL/.test(output))
    return refuse(
      "Unavailable",
      `${place} does not let the key ${keyName} update the zone ${zone}: ${lastLine(output)}`,
      "Allow it there (`allow-update` or `update-policy`), or name the zone that the server has.",
    );
  return refuse(
    "Unavailable",
    `${place} does not answer: ${lastLine(output)}`,
    "Start it, or correct `server` and `port` in `environments[].dns`.",
  );
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.replace(/^;\s*/, "").trim() || "no reason was given";
}

/**
 * Takes the network away from a command: a network namespace of its own in which only loopback is up. Tried
 * out once; where this host does not allow it, commands run with the network and the report says so.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "../../../domain/module/module-spec.ts";
import { findProgram } from "./programs.ts";

export type Network = { mode: "off"; launcher: Command } | { mode: "on"; why: string };

const run = promisify(execFile);

/** In turn: what sets loopback up. `ip` is not everywhere; Perl is in every Debian. SIOCSIFFLAGS, IFF_UP and IFF_RUNNING. */
const raisers: [program: string, line: (path: string) => string][] = [
  ["ip", (path) => `${path} link set lo up`],
  ["ifconfig", (path) => `${path} lo up`],
  [
    "perl",
    (path) =>
      `${path} -MSocket -e 'socket(S,AF_INET,SOCK_DGRAM,0) or exit 1; ioctl(S,0x8914,pack("a16s","lo",0x41)) or exit 1'`,
  ],
];

/** Listens and connects on loopback, and has no other interface that is up. */
const probe = `
const others = Object.keys(require("os").networkInterfaces()).filter((name) => name !== "lo");
const server = require("net").createServer().listen(0, "127.0.0.1", () =>
  require("net").connect(server.address().port, "127.0.0.1", () => process.exit(others.length === 0 ? 0 : 1)));
setTimeout(() => process.exit(1), 5000);
`;

let found: Promise<Network> | undefined;

export function detectNetwork(): Promise<Network> {
  found ??= detect();
  return found;
}

async function detect(): Promise<Network> {
  if (process.platform !== "linux") return { mode: "on", why: "only Linux has network namespaces" };
  const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin`;
  const unshare = findProgram("unshare", path);
  if (unshare === undefined) return { mode: "on", why: "unshare of util-linux is not on this host" };
  const raiser = raisers.flatMap(([program, line]) => {
    const at = findProgram(program, path);
    return at === undefined ? [] : [line(at)];
  })[0];
  if (raiser === undefined)
    return { mode: "on", why: "nothing here can set loopback up: ip, ifconfig or perl" };
  let why = "";
  for (const launcher of launchers(unshare, raiser)) {
    const [program = "", ...args] = launcher;
    const failure = await run(program, [...args, process.execPath, "-e", probe], { timeout: 10_000 }).then(
      () => undefined,
      (error: Error & { stderr?: string }) =>
        error.stderr?.trim().split("\n")[0] || "loopback cannot be used",
    );
    if (failure === undefined) return { mode: "off", launcher };
    why = failure;
  }
  return { mode: "on", why: `this host allows no network namespace: ${why}` };
}

/**
 * With a user namespace the command cannot enter another network, root or not, and a second one gives it back
 * the user that it was. Without one it takes root, and keeps out only what does not try to leave.
 */
function launchers(unshare: string, raise: string): Command[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const again = `${unshare} --user --map-user=${uid} --map-group=${gid} --`;
  const inside = (then: string) => ["--", "/bin/sh", "-c", `${raise} || exit 126; exec ${then} "$@"`, "sh"];
  return [
    [unshare, "--user", "--map-root-user", "--net", ...inside(again)],
    ...(uid === 0 ? [[unshare, "--net", ...inside("")]] : []),
  ];
}

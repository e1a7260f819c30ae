/** PostgreSQL refuses to run as root: the account that it runs under then. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { refuse } from "../../../domain/refusal.ts";

export interface ServerAccount {
  name: string;
  uid: number;
  gid: number;
}

/** Undefined where we are not root and the server simply runs as we do. An existing cluster keeps the account that owns it. */
export function chooseServerAccount(data: string | undefined): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = data === undefined ? undefined : statSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) {
    const name = accounts().find((account) => account.uid === owner.uid)?.name ?? `uid ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  return find("postgres") ?? find("connectsoft") ?? create("connectsoft") ?? find("nobody") ?? none();
}

function find(name: string): ServerAccount | undefined {
  return accounts().find((account) => account.name === name && account.uid !== 0);
}

function create(name: string): ServerAccount | undefined {
  const attempts: [string, string[]][] = [
    ["useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]],
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", name]],
  ];
  for (const [program, args] of attempts) {
    try {
      execFileSync(program, args, { stdio: "ignore" });
    } catch {
      // Another process may have created it, or the next program can.
    }
    const account = find(name);
    if (account !== undefined) return account;
  }
  return undefined;
}

function accounts(): ServerAccount[] {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((account) => account.name !== "" && Number.isInteger(account.uid));
}

function none(): never {
  throw refuse(
    "Unavailable",
    "PostgreSQL does not run as root, and no account for it could be found or created",
    "Run as an ordinary user, create a user named postgres, or set DATABASE_URL.",
  );
}

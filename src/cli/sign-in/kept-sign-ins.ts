/** Sign-ins of this account on this machine, one a server, in a file that only the account reads. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SignInOffer } from "../../operations/accounts/find-sign-in.ts";
import { configFolder } from "./config-folder.ts";
import type { Tokens } from "./provider-client.ts";

export interface SignIn {
  offer: SignInOffer;
  tokens: Tokens;
}

type Kept = Record<string, SignIn>;

export async function keepSignIn(env: NodeJS.ProcessEnv, server: string, signIn: SignIn): Promise<void> {
  await write(env, { ...(await read(env)), [server]: signIn });
}

export async function keptSignIn(env: NodeJS.ProcessEnv, server: string): Promise<SignIn | undefined> {
  return (await read(env))[server];
}

export async function forgetSignIn(env: NodeJS.ProcessEnv, server: string): Promise<void> {
  const { [server]: _, ...others } = await read(env);
  await write(env, others);
}

async function read(env: NodeJS.ProcessEnv): Promise<Kept> {
  try {
    return JSON.parse(await readFile(fileOf(env), "utf8")) as Kept;
  } catch {
    return {};
  }
}

async function write(env: NodeJS.ProcessEnv, kept: Kept): Promise<void> {
  const file = fileOf(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function fileOf(env: NodeJS.ProcessEnv): string {
  return path.join(configFolder(env), "sign-ins.json");
}

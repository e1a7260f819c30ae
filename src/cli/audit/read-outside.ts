/** What an auditor brings from elsewhere: keys that are trusted, and checkpoints that were kept. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { keysSchema } from "../../domain/audit/archive.ts";
import { keyIdOf } from "../../domain/audit/checkpoint.ts";
import { readCheckpointFile } from "../../domain/audit/checkpoint-file.ts";
import type { Outside } from "../../domain/audit/verify/compare-checkpoints.ts";
import { refuse } from "../../domain/refusal.ts";
import { fingerprintOf } from "../../domain/signature/ssh-signature.ts";

export async function readOutside(
  cwd: string,
  flags: { trust?: string | undefined; checkpoint?: string | undefined },
): Promise<Outside> {
  return {
    ...(flags.trust !== undefined && (await readTrust(cwd, flags.trust))),
    ...(flags.checkpoint !== undefined && { checkpoints: await readCheckpoints(cwd, flags.checkpoint) }),
  };
}

/**
 * A fingerprint; or a file of fingerprints, of public keys in PEM, or as `audit keys --json` prints them; beside them people's own
 * keys, a line each as in an allowed-signers file: `jane.doe ssh-ed25519 AAAA...`.
 */
async function readTrust(cwd: string, trust: string): Promise<Pick<Outside, "trust" | "people">> {
  if (/^[0-9a-f]{64}$/.test(trust)) return { trust: new Set([trust]) };
  const text = await read(cwd, trust);
  const ids = new Set([...idsInJson(text), ...idsOfPem(text), ...(text.match(/^[0-9a-f]{64}$/gm) ?? [])]);
  const people = peopleIn(text);
  if (ids.size + people.size > 0)
    return { ...(ids.size > 0 && { trust: ids }), ...(people.size > 0 && { people }) };
  throw refuse(
    "InputInvalid",
    `${trust} holds no key: expected a fingerprint of 64 hex digits, public keys in PEM, what audit keys --json prints, or people's SSH keys (jane.doe ssh-ed25519 AAAA...).`,
    "Get it from the operator by another way than the archive: connectsoft audit keys --json",
  );
}

function peopleIn(text: string): Map<string, string[]> {
  const people = new Map<string, string[]>();
  for (const [, person = "", key = ""] of text.matchAll(
    /^([A-Za-z0-9][\w.@-]*)[ \t]+(ssh-ed25519[ \t]+\S+)/gm,
  )) {
    const fingerprint = fingerprintOf(key);
    if (fingerprint !== undefined) people.set(person, [...(people.get(person) ?? []), fingerprint]);
  }
  return people;
}

function idsInJson(text: string): string[] {
  try {
    const parsed = keysSchema.safeParse(
      (JSON.parse(text) as object[])
        .map((key) => ({ ...key, note: undefined }))
        .map(({ note: _, ...key }) => key),
    );
    // The name of a key is what is in it, whatever the file calls it.
    return parsed.success ? parsed.data.map(({ publicKey }) => keyIdOf(publicKey)) : [];
  } catch {
    return [];
  }
}

function idsOfPem(text: string): string[] {
  const keys = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  return keys.flatMap((key) => {
    try {
      return [keyIdOf(key)];
    } catch {
      return [];
    }
  });
}

async function readCheckpoints(cwd: string, file: string) {
  const text = await read(cwd, file);
  const { checkpoints, rest } = readCheckpointFile(text.endsWith("\n\n") ? text : `${text.trimEnd()}\n\n`);
  if (checkpoints.length > 0 && rest === "") return checkpoints;
  throw refuse(
    "InputInvalid",
    checkpoints.length === 0
      ? `${file} holds no checkpoint.`
      : `${file} holds something that is no checkpoint after the one of ${checkpoints.at(-1)?.size} leaves.`,
    "Name a copy of the file that the server publishes, or one signed note out of it.",
  );
}

async function read(cwd: string, file: string): Promise<string> {
  if (file === "") throw refuse("InputInvalid", "A name that was given is empty.", "Name a file.");
  return await readFile(path.resolve(cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw refuse("InputInvalid", `${file} cannot be read: ${error.code}.`, "Name a file that is there.");
  });
}

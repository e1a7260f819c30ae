/**
 * `audit verify`: an archive from a file, against what the auditor brings. Needs no server, database, data directory
 * or network, and nothing of the program beyond the domain.
 */
import path from "node:path";
import { Misfit } from "../../domain/audit/verify/misfit.ts";
import { type VerifiedArchive, verifyArchive } from "../../domain/audit/verify/verify-archive.ts";
import { countText } from "../../domain/time-text.ts";
import { readArchive } from "./read-archive.ts";
import { readOutside } from "./read-outside.ts";

export interface VerifyFlags {
  trust?: string;
  checkpoint?: string;
  json?: boolean;
}

/** Documented in docs/reference/audit-archive.md. */
export const verifyExitCodes = { authenticated: 0, consistent: 3, misfit: 4 } as const;

export interface Verdict {
  lines: string[];
  json: object;
  exitCode: number;
}

export async function verifyFile(cwd: string, file: string, flags: VerifyFlags): Promise<Verdict> {
  const outside = await readOutside(cwd, flags);
  try {
    return describe(await verifyArchive(readArchive(path.resolve(cwd, file)), outside), flags);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const { where, problem } = error;
    return {
      lines: [`does not fit: ${where} ${problem}`],
      json: { verdict: "does not fit", where, problem },
      exitCode: verifyExitCodes.misfit,
    };
  }
}

function describe(found: VerifiedArchive, flags: VerifyFlags): Verdict {
  const { authenticated, checkpoint, compared, counts, ownKeys, signedBy, tenantId, traceId } = found;
  const verdict = authenticated ? "authenticated" : "consistent, not authenticated";
  const { artifacts, deliveries, events, journalEntries, statements } = counts;
  return {
    lines: [
      `${verdict}: ${traceId} of ${tenantId}`,
      `  ${countText(deliveries, "delivery", "deliveries")}, ${countText(events, "event")}, ${countText(artifacts, "artifact")}, ${countText(statements, "statement")}, ${countText(journalEntries, "journal entry", "journal entries")}`,
      `  signed with the key ${signedBy.keyId}${found.trusted ? ", which you trust" : ""}`,
      `  in the checkpoint of ${checkpoint.size} leaves of ${checkpoint.origin}`,
      ...(compared === undefined
        ? []
        : [
            `  which goes on from yours of ${compared.size} leaves${
              compared.covered === compared.chains
                ? ", and that one covers all of it"
                : `; of its ${compared.chains} proved ends ${compared.chains - compared.covered} are newer and stand on the key alone`
            }`,
          ]),
      ...ownKeys.map(ownKeyLine),
      ...missing(flags, found),
    ],
    json: {
      ...{ verdict, tenantId, traceId, counts, keyId: signedBy.keyId, ownKeys },
      checkpoint: { origin: checkpoint.origin, size: checkpoint.size },
      ...(compared !== undefined && { compared }),
    },
    exitCode: authenticated ? verifyExitCodes.authenticated : verifyExitCodes.consistent,
  };
}

function ownKeyLine({ person, key, trusted }: VerifiedArchive["ownKeys"][number]): string {
  const whose = trusted
    ? "a key of theirs that you trust"
    : `a key that the server says is theirs: --trust <file with "${person} ssh-ed25519 ...">`;
  return `  ${person} voted with a signature of their own, by ${key}, ${whose}`;
}

/** What would have to come from elsewhere: an archive that was made up whole agrees with itself too. */
function missing({ checkpoint }: VerifyFlags, { trusted }: VerifiedArchive): string[] {
  return [
    ...(!trusted ? ["  whose key that is, the archive cannot tell: --trust <keys file or fingerprint>"] : []),
    ...(checkpoint === undefined
      ? ["  whether history was rewritten, the archive cannot tell: --checkpoint <file that you kept>"]
      : []),
  ];
}

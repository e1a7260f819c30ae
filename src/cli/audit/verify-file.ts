/**
 * `audit verify`: an archive from a file, against what the auditor brings. Needs no server, database, data directory
 * or network, and nothing of the program beyond the domain.
 */
import path from "node:path";
import { Misfit } from "../../domain/audit/verify/misfit.ts";
import { type VerifiedArchive, verifyArchive } from "../../domain/audit/verify/verify-archive.ts";
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
  const { authenticated, checkpoint, compared, counts, signedBy, tenantId, traceId } = found;
  const verdict = authenticated ? "authenticated" : "consistent, not authenticated";
  const { artifacts, deliveries, events, journalEntries, statements } = counts;
  return {
    lines: [
      `${verdict}: ${traceId} of ${tenantId}`,
      `  ${deliveries} deliveries, ${events} events, ${artifacts} artifacts, ${statements} statements, ${journalEntries} journal entries`,
      `  signed with the key ${signedBy.keyId}${flags.trust === undefined ? "" : ", which you trust"}`,
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
      ...missing(flags),
    ],
    json: {
      ...{ verdict, tenantId, traceId, counts, keyId: signedBy.keyId },
      checkpoint: { origin: checkpoint.origin, size: checkpoint.size },
      ...(compared !== undefined && { compared }),
    },
    exitCode: authenticated ? verifyExitCodes.authenticated : verifyExitCodes.consistent,
  };
}

/** What would have to come from elsewhere: an archive that was made up whole agrees with itself too. */
function missing({ trust, checkpoint }: VerifyFlags): string[] {
  return [
    ...(trust === undefined
      ? ["  whose key that is, the archive cannot tell: --trust <keys file or fingerprint>"]
      : []),
    ...(checkpoint === undefined
      ? ["  whether history was rewritten, the archive cannot tell: --checkpoint <file that you kept>"]
      : []),
  ];
}

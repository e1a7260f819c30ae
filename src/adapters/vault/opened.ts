import type { CredentialGround } from "./read-credential.ts";
import type { Shelf } from "./shelf.ts";

/** What an adapter opens a vault with, and what it opens. */
export interface VaultGround {
  credentials: CredentialGround;
  /** Of the environment, in words for people. */
  place: string;
  timeoutMs: number;
  /** Authorities that the server's owner trusts beside the usual ones, PEM. */
  ca: string[] | undefined;
}

export interface OpenedVault {
  shelf: Shelf;
  /** The vault, in words for people: `the OpenBao at bao.acme.example`. */
  words: string;
  /** Whether a version before the newest can still be read. */
  keepsVersions: boolean;
}

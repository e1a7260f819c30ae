/** What a person is known by outside of this system: keys that sign, and addresses that stand in commits. */
import { z } from "zod";
import { isSshEd25519Key } from "../signature/ssh-signature.ts";

/** Spread into the declaration of a person. */
export const personMarks = {
  /** Public keys, a line of `ssh-keygen` each: approvals that they signed are theirs without the server's word. */
  keys: z
    .array(z.string().max(1_000).refine(isSshEd25519Key, "expected a public key such as ssh-ed25519 AAAA..."))
    .max(20)
    .optional(),
  /** Addresses under which they commit: they do not approve what they wrote. */
  emails: z.array(z.email()).max(50).optional(),
};

import type { SecretCopies } from "../../../src/ports/secret-copies.ts";

/** For vaults that keep their versions: nothing may be copied. */
export const noCopies: SecretCopies = {
  keep: () => Promise.reject(new Error("no copy was expected")),
  read: async () => undefined,
  forget: async () => undefined,
  erase: async () => undefined,
};

/** A seal as the server has it, for tests of what stands on one. */
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import type { Seal } from "../../src/ports/seal.ts";

export function sealWith(keyFile: string): Seal {
  return createKeyFileSeal(keyFile);
}

/** Copies of secrets stay as long as a release that got them may be gone back to, as its directory does. */
import type { System } from "../system.ts";
import { neededAt } from "./collect-artifacts.ts";

export async function collectSecretCopies(system: System): Promise<void> {
  for (const place of await system.ledger.places()) {
    const needed = await neededAt(system, place);
    await system.settings.forgetCopies(
      place,
      needed.flatMap(({ spec }) => spec.secrets),
    );
  }
}

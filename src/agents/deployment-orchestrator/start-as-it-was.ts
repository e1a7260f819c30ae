/** Starts a release once more as it was deployed. One that runs still is taken as it runs while its vault is away. */
import { VaultAway } from "../../domain/vault/vault-away.ts";
import type { LedgerEntry } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { RunningRelease, Target, Watch } from "../../ports/target.ts";
import { revealSpec } from "./release-environment.ts";

export interface StartedAgain {
  release: RunningRelease;
  /** Keeps its secrets out of a text. */
  redact(text: string): string;
}

export async function startAsItWas(
  { settings, target }: { settings: Settings; target: Target },
  entry: LedgerEntry,
  { signal, progress }: Watch,
): Promise<StartedAgain> {
  try {
    const { spec, redact } = await revealSpec(settings, entry, entry.spec);
    const release = await target.start(spec, { signal, progress: (line) => progress(redact(line)) });
    return { release, redact };
  } catch (error) {
    if (!(error instanceof VaultAway)) throw error;
    const found = (await target.list(entry.spec)).find(({ releaseId }) => releaseId === entry.releaseId);
    if (found?.state !== "ready" && found?.state !== "serving") throw error;
    progress(`${entry.releaseId} runs still and is taken as it runs: ${error.refusal.message}`);
    return { release: found, redact: () => withheld };
  }
}

/** What a service wrote may hold a secret, and which texts are secrets is not known now. */
const withheld = "what it says is withheld while its vault is away";

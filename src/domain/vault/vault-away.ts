import { RefusalError } from "../refusal.ts";

/** The vault of an environment gives no answer, or lets nobody in: what waits for a secret waits on, and says so. */
export class VaultAway extends RefusalError {
  constructor(vault: string, problem: string) {
    super({
      code: "Unavailable",
      message: `${vault} ${problem}`,
      next: "Nothing was changed. Look at the vault and at what lets the server in; it is asked again by itself.",
    });
    this.name = "VaultAway";
  }
}

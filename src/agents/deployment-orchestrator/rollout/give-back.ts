/** Gives the traffic back to what served before an attempt, and ends what the attempt started. */
import { RefusalError, refuse } from "../../../domain/refusal.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import { startAsItWas } from "../start-as-it-was.ts";
import { namedOf, placeOf, type Rollout, watchOf } from "./rollout.ts";

/** Returns why it cannot be given back; undefined where all is as before the attempt. */
export async function giveBack(rollout: Rollout): Promise<string | undefined> {
  const { target, previous, context, recorded, redact } = rollout;
  try {
    // Only one instance of such a module can have its port.
    if (recorded.fixedPort !== undefined) await target.retire(namedOf(rollout));
    if (previous === undefined) await target.route(placeOf(rollout), []);
    else await restore(rollout, previous);
    await target.retire(namedOf(rollout));
    const words = previous === undefined ? "nothing serves, as before" : `${previous.version} serves again`;
    context.progress(`${words}; ${recorded.version} is ended`);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
    return redact(error.refusal.message);
  }
}

/** With all of its instances, and its own settings where it has to be started. */
async function restore(rollout: Rollout, previous: LedgerEntry): Promise<void> {
  const { target, ports } = rollout;
  const watch = { ...watchOf(rollout), progress: () => {} };
  const { release: running, redact } = await startAsItWas(
    { settings: ports.settings, target },
    previous,
    watch,
  );
  if (running.state !== "ready" && running.state !== "serving")
    throw refuse(
      "RollbackImpossible",
      `${previous.releaseId} (${previous.version}) cannot take the traffic back: ${redact(running.reason ?? `it is ${running.state}`)}`,
    );
  await target.route(placeOf(rollout), [{ releaseId: previous.releaseId, weight: 100 }]);
}

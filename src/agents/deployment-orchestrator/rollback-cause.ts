/** Why a release is rolled back: its own failure, a person, a regression or a revocation. */
import type { EventName } from "../../domain/event/event-catalogue.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";
import type { Reason } from "./records.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

const asked = ["RollbackRequested", "RegressionDetected", "ReleaseRevoked"] as const satisfies EventName[];

/** `triggered`: RollbackTriggered stands on the chain for this failure already, by the deployment or an earlier attempt. */
export async function rollbackCause(
  context: AgentContext,
  at: ReleaseAtHand,
): Promise<{ triggered: boolean; reasons: Reason[] }> {
  const [completed] = await ofRelease(context, "DeploymentCompleted", at);
  const since = completed?.sequence ?? 0;
  const [own] = (await ofRelease(context, "RollbackTriggered", at)).filter(
    ({ sequence }) => sequence > since,
  );
  if (own !== undefined) return { triggered: true, reasons: reasonsOf(own) };
  const events = await Promise.all(asked.map((name) => ofRelease(context, name, at)));
  const newest = events.flat().sort((a, b) => b.sequence - a.sequence)[0];
  return { triggered: false, reasons: newest === undefined ? [unsaid] : reasonsOf(newest) };
}

const unsaid: Reason = { code: "RollbackRequested", message: "a rollback was asked for without a reason" };

async function ofRelease(
  context: AgentContext,
  name: EventName,
  { place, releaseId }: ReleaseAtHand,
): Promise<RecordedEvent[]> {
  return (await context.events(name)).filter((event) => {
    const environment = event.data.environment ?? event.environment ?? place.environment;
    return (
      environment === place.environment &&
      (event.data.releaseId ?? event.releaseId ?? releaseId) === releaseId
    );
  });
}

function reasonsOf({ name, data }: RecordedEvent): Reason[] {
  const { reasons, by, reason } = data;
  if (Array.isArray(reasons) && reasons.length > 0) return reasons.flatMap(reasonOf);
  const who = typeof by === "string" ? `${by} asked for it` : name;
  return [{ code: name, message: typeof reason === "string" ? `${who}: ${reason}` : who }];
}

function reasonOf(value: unknown): Reason[] {
  if (typeof value !== "object" || value === null || !("code" in value) || !("message" in value)) return [];
  return [{ code: String(value.code), message: String(value.message) }];
}

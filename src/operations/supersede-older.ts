/**
 * A newer delivery of a module supersedes older ones that nobody approved yet, or that ended with what was to be mended; what
 * is on its way to run goes on. Each says of the other that it is so.
 */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import { eventName } from "../domain/event/event.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { DeliverySummary } from "../ports/engine-store.ts";
import type { System } from "./system.ts";

/** States of an environment in which a release is applied right now. */
const underWay = new Set(["provisioning", "deploying", "rolling_back"]);

type Superseded = NonNullable<HandOver["supersedes"]>;

/** Which those are, and for what was asked of each when it was rejected, as it is now. */
export async function olderThan({ store }: System, newer: Subject): Promise<Superseded> {
  const { tenantId, moduleId } = newer;
  const open = await store.list({ tenantId, moduleId, phase: "open" });
  const older = open.filter(
    (delivery) => subjectKey(delivery.subject) !== subjectKey(newer) && waits(delivery),
  );
  return Promise.all(
    older.map(async ({ subject }) => {
      const asked = await askedOf(store, subject);
      return { traceId: subject.traceId, ...(asked !== undefined && { asked }) };
    }),
  );
}

export async function supersede(
  { engine }: System,
  { tenantId, moduleId, traceId: byTrace }: Subject,
  superseded: Superseded,
): Promise<void> {
  for (const { traceId } of superseded) {
    const id = `superseded-by-${byTrace}`;
    const draft = { id, name: "DeliverySuperseded" as const, source: "/engine", data: { byTrace } };
    await engine.append({ tenantId, traceId, moduleId }, [draft]);
  }
}

/**
 * Hand-overs at one moment see each other only once they have begun: of those that `known` does not name, the one that
 * began last goes on and the others make way for it, whoever of them notices.
 */
export async function settleRace(system: System, own: Subject, known: Superseded): Promise<void> {
  const { tenantId, moduleId } = own;
  const open = await system.store.list({ tenantId, moduleId, phase: "open" });
  const racing = open
    .filter(
      (delivery) => waits(delivery) && !known.some(({ traceId }) => traceId === delivery.subject.traceId),
    )
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const newest = racing.pop();
  if (newest === undefined) return;
  const others = racing.map(({ subject }) => ({ traceId: subject.traceId }));
  await supersede(system, newest.subject, others);
}

function placeOf({ createdAt, subject }: DeliverySummary): string {
  return `${createdAt} ${subject.traceId}`;
}

const longestAsked = 300;

/** What the person said who rejected it or asked for changes, or why it was rejected otherwise. */
async function askedOf(store: System["store"], subject: Subject): Promise<string | undefined> {
  const events = await store.events(subject, { names: ["ReleaseProposed", "ReleaseRejected"] });
  const last = events.at(-1);
  if (last === undefined || eventName(last) !== "ReleaseRejected") return undefined;
  const [reason] = (Array.isArray(last.data.reasons) ? last.data.reasons : []) as { message?: unknown }[];
  return typeof reason?.message === "string" ? reason.message.slice(0, longestAsked) : undefined;
}

function waits({ active }: DeliverySummary): boolean {
  const states = Object.values(active).flat();
  return (
    !states.some((state) => ["published", "upgraded"].includes(state)) &&
    !states.some((state) => underWay.has(state))
  );
}

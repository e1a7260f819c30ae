/** A newer delivery of a module supersedes older ones that nobody approved yet; what is on its way to run goes on. */
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { DeliverySummary } from "../ports/engine-store.ts";
import type { System } from "./system.ts";

/** States of an environment in which a release is applied right now. */
const underWay = new Set(["provisioning", "deploying", "rolling_back"]);

export async function supersedeOlder({ engine, store }: System, newer: Subject): Promise<void> {
  const { tenantId, moduleId, traceId } = newer;
  const open = await store.list({ tenantId, moduleId, phase: "open" });
  const older = open.filter(
    (delivery) => subjectKey(delivery.subject) !== subjectKey(newer) && waits(delivery),
  );
  for (const { subject } of older)
    await engine.append(subject, [
      {
        id: `superseded-by-${traceId}`,
        name: "DeliverySuperseded",
        source: "/engine",
        data: { byTrace: traceId },
      },
    ]);
}

function waits({ active }: DeliverySummary): boolean {
  const states = Object.values(active).flat();
  return (
    !states.some((state) => ["published", "upgraded"].includes(state)) &&
    !states.some((state) => underWay.has(state))
  );
}

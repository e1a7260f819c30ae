/** Asks for a version that was delivered before to be released again in one environment. */
import { z } from "zod";
import { slug } from "../domain/scope.ts";
import { findVersion } from "./find-delivery.ts";
import { type Sent, sendEvent } from "./send-event.ts";
import type { Caller, System } from "./system.ts";

export const redeployInput = z.object({
  version: z.string().min(1).max(100),
  moduleId: slug.optional(),
  environment: slug.optional(),
  reason: z.string().max(2_000).optional(),
});

export async function redeploy(
  system: System,
  caller: Caller,
  input: z.output<typeof redeployInput>,
): Promise<Sent> {
  const { version, moduleId, environment, reason } = input;
  const record = await findVersion(system, caller, { version, ...(moduleId !== undefined && { moduleId }) });
  return sendEvent(system, caller, {
    ...record.subject,
    name: "DeployRequested",
    data: { version },
    ...(environment !== undefined && { environment }),
    ...(reason !== undefined && { reason }),
  });
}

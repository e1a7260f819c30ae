/** Sends one message to a target at once, and says how it went: nothing is queued, nothing is tried again. */
import { z } from "zod";
import type { Message } from "../../domain/notification/message.ts";
import { channelOf } from "../../domain/notification/notification-settings.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { Receipt } from "../../ports/notifier.ts";
import type { Caller, System } from "../system.ts";
import { revealerOf } from "./reveal-secret.ts";

export const testTargetInput = z.object({ target: slug });

export interface TestAnswer {
  target: string;
  channel: string;
  notificationId: string;
  receipt: Receipt;
}

export async function testTarget(
  system: System,
  caller: Caller,
  { target: targetId }: z.output<typeof testTargetInput>,
): Promise<TestAnswer> {
  const { notifications } = await system.tenants.get(caller.tenantId);
  const target = notifications.find(({ id }) => id === targetId);
  if (target === undefined) {
    const ids = notifications.map(({ id }) => id).join(", ") || "none";
    throw refuse("NotFound", `tenant.yaml names no target ${targetId}; it names ${ids}.`);
  }
  const message = testMessage(system, caller, { kind: "notification", id: targetId });
  const { to, allowPrivate } = target;
  const reveal = revealerOf(system.settings, caller.tenantId);
  const receipt = await system.notifier.send(
    { to, allowPrivate, message, reveal },
    new AbortController().signal,
  );
  return { target: targetId, channel: channelOf(to), notificationId: message.id, receipt };
}

interface Tested {
  kind: "notification" | "subscription";
  id: string;
}

/** Made by people, and of nothing that happened. */
export function testMessage(
  system: Pick<System, "clock" | "newId">,
  { tenantId, person }: Caller,
  tested: Tested,
): Message {
  const id = `test_${system.newId()}`;
  const time = system.clock.now().toISOString();
  return {
    id,
    event: {
      specversion: "1.0",
      id,
      type: "com.connectsoft.delivery.notification.test",
      source: "/notifications",
      subject: `${tenantId}/${tested.id}`,
      time,
      datacontenttype: "application/json",
      tenantid: tenantId,
      data: { by: person },
    },
    title: `Test of the ${tested.kind === "notification" ? "notification target" : "subscription"} ${tested.id}`,
    lines: [`${person} asked for it. Nothing has happened.`],
    facts: [
      { name: "Tenant", value: tenantId },
      { name: "When", value: time },
    ],
    command: `connectsoft ${tested.kind} ls`,
    path: `/administration/${tested.kind}s`,
  };
}

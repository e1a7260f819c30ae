/**
 * Tells targets what happened. Looked at again and again by each process that works: it makes notifications of what
 * chains have grown by, and sends what is due. Every target has a lane of its own, so that none waits for another.
 */

import { selectedEvents } from "../../domain/notification/event-selection.ts";
import { messageOf } from "../../domain/notification/message.ts";
import {
  type Channel,
  channelOf,
  type NotificationTarget,
} from "../../domain/notification/notification-settings.ts";
import { retryDelayMs, staleAfterMs } from "../../domain/notification/retry-schedule.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Among, Claimed, Selection, Settlement } from "../../ports/notifications.ts";
import type { Receipt } from "../../ports/notifier.ts";
import type { System } from "../system.ts";
import { declaredSince } from "./declared-since.ts";
import { revealerOf } from "./reveal-secret.ts";

export interface Telling {
  system: Pick<System, "notifications" | "notifier" | "tenants" | "settings">;
  random(): number;
  /** How long an attempt may be without word before it is made again. */
  leaseMs: number;
  attempted(tenantId: string, channel: Channel, sent: boolean): void;
  trouble(message: string, error: unknown): void;
}

export interface Teller {
  /** Whether some target of the tenant is told of events with this name. */
  wants(tenantId: string, name: string): boolean;
  /** Makes notifications: of all deliveries, or of these. */
  take(among?: Among): Promise<void>;
  /** Begins to send what is due, and does not wait for it. */
  send(signal: AbortSignal): Promise<void>;
  tidy(): Promise<void>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

/** Of one target at the same time. */
const atOnce = 4;
const day = 24 * 3_600_000;

interface Place {
  tenantId: string;
  targetId: string;
}

export function createTeller(telling: Telling): Teller {
  const { system } = telling;
  const { notifications, tenants } = system;
  const lanes = new Map<string, Promise<void>>();
  let declared = new Map<string, NotificationTarget>();
  /** Names of events by tenant. */
  let wanted = new Map<string, Set<string>>();

  /** Opens what is new, closes what was removed. */
  async function follow(): Promise<readonly Tenant[]> {
    // In this order: what another process opens in between is neither known here nor missed.
    const known = new Map((await notifications.targets()).map((place) => [keyOf(place), place]));
    const all = await tenants.list();
    declared = new Map(
      all.flatMap(({ id: tenantId, notifications: targets }) =>
        targets.map((target) => [keyOf({ tenantId, targetId: target.id }), target] as const),
      ),
    );
    wanted = new Map(
      all.map(({ id, notifications: targets }) => [
        id,
        new Set(selectedEvents(targets.flatMap(({ on }) => on))),
      ]),
    );
    for (const [key, place] of known) if (!declared.has(key)) await notifications.close(place);
    for (const { id: tenantId, notifications: targets } of all)
      for (const { id: targetId } of targets) {
        const place = { tenantId, targetId };
        if (known.has(keyOf(place))) continue;
        await notifications.open({ ...place, since: await declaredSince(tenants, place) });
      }
    return all;
  }

  async function drain(place: Place, target: NotificationTarget, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && declared.has(keyOf(place))) {
      const claimed = await notifications.claim(place, { limit: atOnce, leaseMs: telling.leaseMs });
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((one) => tell(place, target, one, signal)));
    }
  }

  async function tell(
    { tenantId, targetId }: Place,
    target: NotificationTarget,
    claimed: Claimed,
    signal: AbortSignal,
  ): Promise<void> {
    const { notificationId, event, attempt } = claimed;
    const { to, allowPrivate } = target;
    const message = messageOf(notificationId, event);
    const reveal = revealerOf(system.settings, tenantId);
    const receipt = await system.notifier.send({ to, allowPrivate, message, reveal }, signal);
    // What was cut off by the end of this process is sent again by the next one.
    if (signal.aborted && receipt.status === "failed") return;
    telling.attempted(tenantId, channelOf(to), receipt.status === "sent");
    const settlement = settlementOf(receipt, claimed, { most: target.attempts, random: telling.random() });
    await notifications.settle({ tenantId, targetId, notificationId, attempt }, settlement);
  }

  return {
    wants: (tenantId, name) => wanted.get(tenantId)?.has(name) === true,
    async take(among) {
      const all = await follow();
      for (const { id: tenantId, notifications: targets } of all) {
        if (targets.length === 0) continue;
        const selections = targets.map((target) => selectionOf(tenantId, target));
        const own = ofTenant(among, tenantId);
        if (own === "none") continue;
        for (let more = true; more; ) ({ more } = await notifications.take(tenantId, selections, own));
      }
    },
    async send(signal) {
      for (const place of await notifications.due()) {
        const key = keyOf(place);
        const target = declared.get(key);
        if (target === undefined || lanes.has(key)) continue;
        const lane = drain(place, target, signal)
          .catch((error: unknown) => telling.trouble(`notifications for ${key} could not be sent`, error))
          .finally(() => lanes.delete(key));
        lanes.set(key, lane);
      }
    },
    tidy: () => notifications.tidy({ staleMs: staleAfterMs, sentMs: 7 * day, deadMs: 90 * day }),
    async idle() {
      await Promise.all(lanes.values());
    },
  };
}

function settlementOf(
  receipt: Receipt,
  { attempt }: Claimed,
  { most, random }: { most: number; random: number },
): Settlement {
  if (receipt.status === "sent") return { state: "sent" };
  const { problem, final, retryAfterMs, ofTarget = false } = receipt;
  if (final || attempt >= most) return { state: "dead", problem };
  const delayMs = retryDelayMs(attempt, random, retryAfterMs);
  return { state: "waiting", problem, delayMs, holdsTarget: ofTarget };
}

function selectionOf(tenantId: string, target: NotificationTarget): Selection {
  const { id, on, environments, modules } = target;
  return {
    tenantId,
    targetId: id,
    names: selectedEvents(on),
    ...(environments !== undefined && { environments }),
    ...(modules !== undefined && { modules }),
  };
}

function ofTenant(among: Among | undefined, tenantId: string): Among | undefined | "none" {
  if (among === undefined || !("subjects" in among)) return among;
  const subjects = among.subjects.filter((subject) => subject.startsWith(`${tenantId}/`));
  return subjects.length === 0 ? "none" : { subjects };
}

function keyOf({ tenantId, targetId }: Place): string {
  return `${tenantId}/${targetId}`;
}

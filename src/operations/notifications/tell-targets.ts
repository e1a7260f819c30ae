/**
 * Tells targets what happened. Looked at again and again by each process that works: it makes notifications of what
 * chains have grown by, and sends what is due. Every target has a lane of its own, so that none waits for another.
 */
import { messageOf } from "../../domain/notification/message.ts";
import { type Channel, channelOf } from "../../domain/notification/notification-settings.ts";
import { retryDelayMs, staleAfterMs } from "../../domain/notification/retry-schedule.ts";
import type { Among, Claimed, Settlement } from "../../ports/notifications.ts";
import type { Receipt } from "../../ports/notifier.ts";
import { subscribedTarget } from "../subscriptions/subscribed-target.ts";
import type { System } from "../system.ts";
import { declaredTargets, type ToldTarget } from "./told-target.ts";

export interface Telling {
  system: Pick<System, "notifications" | "notifier" | "tenants" | "settings" | "subscriptions">;
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
  const { notifications } = system;
  const lanes = new Map<string, Promise<void>>();
  let targets = new Map<string, ToldTarget>();
  /** Names of events by tenant. */
  let wanted = new Map<string, Set<string>>();

  /** Opens what is new, closes what was removed. */
  async function follow(): Promise<Map<string, ToldTarget[]>> {
    // In this order: what another process opens in between is neither known here nor missed.
    const known = new Map((await notifications.targets()).map((place) => [keyOf(place), place]));
    const byTenant = await targetsNow(system);
    const all = [...byTenant.values()].flat();
    targets = new Map(all.map((target) => [keyOf(target.selection), target]));
    wanted = new Map(
      [...byTenant].map(([id, own]) => [id, new Set(own.flatMap(({ selection }) => selection.names))]),
    );
    for (const [key, place] of known) if (!targets.has(key)) await notifications.close(place);
    for (const { selection, since } of all) {
      const { tenantId, targetId } = selection;
      if (known.has(keyOf(selection))) continue;
      await notifications.open({ tenantId, targetId, since: await since() });
    }
    return byTenant;
  }

  async function drain(place: Place, target: ToldTarget, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && targets.has(keyOf(place))) {
      const claimed = await notifications.claim(place, { limit: atOnce, leaseMs: telling.leaseMs });
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((one) => tell(place, target, one, signal)));
    }
  }

  async function tell(
    { tenantId, targetId }: Place,
    target: ToldTarget,
    claimed: Claimed,
    signal: AbortSignal,
  ): Promise<void> {
    const { notificationId, event, attempt } = claimed;
    const { to, allowPrivate, reveal } = target;
    const message = messageOf(notificationId, event);
    const begun = performance.now();
    const receipt = await system.notifier.send({ to, allowPrivate, message, reveal }, signal);
    // What was cut off by the end of this process is sent again by the next one.
    if (signal.aborted && receipt.status === "failed") return;
    const place = { tenantId, targetId, notificationId, attempt };
    const answer = receipt.status === "sent" ? receipt.answer : receipt.problem;
    const went = { tookMs: performance.now() - begun, answer };
    if (receipt.status === "failed" && receipt.unfit === true) {
      await notifications.settle(place, { state: "unfit" }, went);
      return;
    }
    telling.attempted(tenantId, channelOf(to), receipt.status === "sent");
    const settlement = settlementOf(receipt, claimed, { most: target.attempts, random: telling.random() });
    await notifications.settle(place, settlement, went);
  }

  return {
    wants: (tenantId, name) => wanted.get(tenantId)?.has(name) === true,
    async take(among) {
      for (const [tenantId, own] of await follow()) {
        if (own.length === 0) continue;
        const selections = own.map(({ selection }) => selection);
        const here = ofTenant(among, tenantId);
        if (here === "none") continue;
        for (let more = true; more; ) ({ more } = await notifications.take(tenantId, selections, here));
      }
    },
    async send(signal) {
      for (const place of await notifications.due()) {
        const key = keyOf(place);
        const target = targets.get(key);
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

/** By tenant. */
async function targetsNow(system: Telling["system"]): Promise<Map<string, ToldTarget[]>> {
  const [tenants, subscriptions] = await Promise.all([system.tenants.list(), system.subscriptions.list()]);
  return new Map(
    tenants.map((tenant) => {
      const own = subscriptions.filter(({ tenantId }) => tenantId === tenant.id);
      const subscribed = own.map((record) => subscribedTarget(system, tenant, record));
      return [tenant.id, [...declaredTargets(system, tenant), ...subscribed]];
    }),
  );
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

function ofTenant(among: Among | undefined, tenantId: string): Among | undefined | "none" {
  if (among === undefined || !("subjects" in among)) return among;
  const subjects = among.subjects.filter((subject) => subject.startsWith(`${tenantId}/`));
  return subjects.length === 0 ? "none" : { subjects };
}

function keyOf({ tenantId, targetId }: Place): string {
  return `${tenantId}/${targetId}`;
}

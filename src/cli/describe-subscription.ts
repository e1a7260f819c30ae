/** Subscriptions for people. */
import type { ResumedSubscription } from "../operations/subscriptions/pause-subscription.ts";
import type { Subscription } from "../operations/subscriptions/show-subscription.ts";
import type { SubscriptionDelivery } from "../operations/subscriptions/subscription-deliveries.ts";
import type { SubscriptionTest } from "../operations/subscriptions/test-subscription.ts";
import { table } from "./table.ts";

export function describeSubscriptions(subscriptions: Subscription[]): string[] {
  if (subscriptions.length === 0)
    return ["No subscriptions. Make one: connectsoft subscription add <id> --url <url> --event deployed"];
  return table(subscriptions.map((one) => [one.id, one.url, wants(one), how(one), counts(one)]));
}

export function describeSubscription(one: Subscription): string[] {
  const rows = [
    ["id", one.id],
    ["url", one.url],
    ["format", one.format],
    ["selects", wants(one)],
    ["environments", one.environments?.join(", ") ?? "all"],
    ["modules", one.modules?.join(", ") ?? "all"],
    ["state", how(one)],
    ["so far", counts(one)],
    ["made", `${one.madeAt} by ${one.madeBy}`],
    ...(one.description === undefined ? [] : [["for", one.description]]),
    ...(one.resumeAt === undefined ? [] : [["tried again", one.resumeAt]]),
  ];
  return table(rows);
}

export function describeResumed({ subscription: { id, waiting }, skipped }: ResumedSubscription): string[] {
  if (skipped > 0)
    return [`${id} is told what happens from here on: ${skipped} that had gathered are left out.`];
  return [`${id} is told again${waiting > 0 ? `, first the ${waiting} that have gathered` : ""}.`];
}

export function describeDeliveries(deliveries: SubscriptionDelivery[]): string[] {
  if (deliveries.length === 0) return ["None."];
  return table(
    deliveries.map(({ notificationId, name, subject, state, answers, dueAt }) => [
      ...[notificationId, name, subject, state],
      answers.map(({ at, answer, tookMs }) => `${answer} in ${tookMs} ms at ${at}`).join("; ") ||
        "not tried yet",
      state === "waiting" && dueAt !== undefined ? `next ${dueAt}` : "",
    ]),
  );
}

export function describeTest({ subscription: id, what, receipt }: SubscriptionTest): string[] {
  return receipt.status === "sent"
    ? [`${id} took ${tested[what]}: ${receipt.answer}`]
    : [`${id} did not take ${tested[what]}: ${receipt.problem}`];
}

const tested: Record<SubscriptionTest["what"], string> = {
  test: "a test event",
  recorded: "the last one that happened",
  sample: "a sample, since none has happened yet",
};

function wants({ events, artifacts, states }: Subscription): string {
  return [...events, ...artifacts, ...states].join(", ");
}

function how({ state, paused, problem }: Subscription): string {
  if (paused !== undefined) return `paused by ${paused.by} since ${paused.at}: ${paused.reason}`;
  return problem === undefined ? state : `${state}: ${problem}`;
}

function counts({ sent, waiting, dead }: Subscription): string {
  return `${sent} sent, ${waiting} waiting, ${dead} dead`;
}

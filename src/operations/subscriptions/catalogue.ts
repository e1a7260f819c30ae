/** What can be done with subscriptions. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import {
  createSubscription,
  createSubscriptionInput,
  deleteSubscription,
  rotateSubscriptionInput,
  rotateSubscriptionSecret,
  updateSubscription,
  updateSubscriptionInput,
} from "./change-subscription.ts";
import { subscriptionInput } from "./find-subscription.ts";
import {
  pauseSubscription,
  pauseSubscriptionInput,
  resumeSubscription,
  resumeSubscriptionInput,
} from "./pause-subscription.ts";
import { getSubscription, listSubscriptions } from "./show-subscription.ts";
import {
  listSubscriptionDeliveries,
  listSubscriptionDeliveriesInput,
  redeliver,
  redeliverInput,
} from "./subscription-deliveries.ts";
import { testSubscription, testSubscriptionInput } from "./test-subscription.ts";

const one = "/subscriptions/:subscription";

export const subscriptionOperations: Operation[] = [
  operation({
    name: "listSubscriptions",
    summary: "Receivers outside that are told of events, with what waits for each.",
    method: "GET",
    path: "/subscriptions",
    input: z.object({}),
    action: "view",
    handle: listSubscriptions,
  }),
  operation({
    name: "createSubscription",
    summary:
      "Tells a receiver outside of events, artifacts and states from here on; its secret is shown once.",
    method: "POST",
    path: "/subscriptions",
    input: createSubscriptionInput,
    action: "subscribe",
    handle: createSubscription,
  }),
  operation({
    name: "getSubscription",
    summary: "One subscription, with what waits for it.",
    method: "GET",
    path: one,
    input: subscriptionInput,
    action: "view",
    handle: getSubscription,
  }),
  operation({
    name: "updateSubscription",
    summary: "Replaces what a subscription says, but not its secret.",
    method: "PUT",
    path: one,
    input: updateSubscriptionInput,
    action: "subscribe",
    handle: updateSubscription,
  }),
  operation({
    name: "deleteSubscription",
    summary: "Removes a subscription with all that waits for it.",
    method: "DELETE",
    path: one,
    input: subscriptionInput,
    action: "subscribe",
    handle: deleteSubscription,
  }),
  operation({
    name: "rotateSubscriptionSecret",
    summary: "Signs with another secret, shown once; the one so far signs too for a while.",
    method: "POST",
    path: `${one}/secret`,
    input: rotateSubscriptionInput,
    action: "subscribe",
    handle: rotateSubscriptionSecret,
  }),
  operation({
    name: "pauseSubscription",
    summary: "Sends a subscription nothing until it is resumed; what happens meanwhile waits for it.",
    method: "POST",
    path: `${one}/pause`,
    input: pauseSubscriptionInput,
    action: "subscribe",
    handle: pauseSubscription,
  }),
  operation({
    name: "resumeSubscription",
    summary:
      "Tells a subscription again: what gathered while it was paused, or, skipping that, what happens from here on.",
    method: "POST",
    path: `${one}/resume`,
    input: resumeSubscriptionInput,
    action: "subscribe",
    handle: resumeSubscription,
  }),
  operation({
    name: "testSubscription",
    summary: "Sends one message to a subscription's receiver at once, and says how it went.",
    method: "POST",
    path: `${one}/test`,
    input: testSubscriptionInput,
    action: "subscribe",
    handle: testSubscription,
  }),
  operation({
    name: "listSubscriptionDeliveries",
    summary: "What a subscription was told, newest first, with each attempt and its answer.",
    method: "GET",
    path: `${one}/deliveries`,
    input: listSubscriptionDeliveriesInput,
    action: "view",
    handle: listSubscriptionDeliveries,
  }),
  operation({
    name: "redeliver",
    summary: "Sends once more what arrived or was given up, under the same id.",
    method: "POST",
    path: `${one}/deliveries/:delivery/redelivery`,
    input: redeliverInput,
    action: "subscribe",
    handle: redeliver,
  }),
];

/** What can be done with notifications. */
import { type Operation, operation } from "../operation.ts";
import { listNotifications, listNotificationsInput } from "./list-notifications.ts";
import { retryNotifications, retryNotificationsInput } from "./retry-notifications.ts";
import { testTarget, testTargetInput } from "./test-target.ts";

export const notificationOperations: Operation[] = [
  operation({
    name: "listNotifications",
    summary: "Targets of the tenant with what waits for them, and notifications, newest first.",
    method: "GET",
    path: "/notifications",
    input: listNotificationsInput,
    action: "view",
    handle: listNotifications,
  }),
  operation({
    name: "retryNotifications",
    summary: "Sends notifications again that were given up: those that are named, or all.",
    method: "POST",
    path: "/notifications/retry",
    input: retryNotificationsInput,
    action: "retry",
    handle: retryNotifications,
  }),
  operation({
    name: "testNotificationTarget",
    summary: "Sends one message to a target at once, and says how it went.",
    method: "POST",
    path: "/notification-targets/:target/test",
    input: testTargetInput,
    action: "tenant",
    handle: testTarget,
  }),
];

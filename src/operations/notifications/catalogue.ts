/** What can be done with notifications. */
import { type Operation, operation } from "../operation.ts";
import { listNotifications, listNotificationsInput } from "./list-notifications.ts";
import { retryNotification, retryNotificationInput } from "./retry-notification.ts";
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
    name: "retryNotification",
    summary: "Sends a notification again that was given up.",
    method: "POST",
    path: "/notifications/:notificationId/retry",
    input: retryNotificationInput,
    action: "retry",
    handle: retryNotification,
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

/** To the page of a delivery, where what was asked for is seen as it happens. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Subject } from "./acts/act.ts";

export function DeliveryLink({ subject, children }: { subject: Subject; children: ReactNode }) {
  const { traceId, moduleId } = subject;
  return <Link to={`/deliveries/${traceId}/${moduleId}` as string}>{children}</Link>;
}

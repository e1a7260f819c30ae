/** To the page of a delivery, where what was asked for is seen as it happens. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Subject } from "./acts/act.ts";

interface DeliveryLinkProps {
  subject: Subject;
  children: ReactNode;
  /** A part of the page, as that environment has it. */
  part?: { name: "logs"; environment: string };
}

export function DeliveryLink({ subject: { traceId, moduleId }, children, part }: DeliveryLinkProps) {
  const page = `/deliveries/${traceId}/${moduleId}`;
  const to: string = part === undefined ? page : `${page}/${part.name}`;
  return (
    <Link to={to} search={(part === undefined ? {} : { environment: part.environment }) as never}>
      {children}
    </Link>
  );
}

import { Link } from "@tanstack/react-router";

/** `<tenant>/<trace>/<module>` as a way to the delivery; what is about none stands as it is. */
export function AboutDelivery({ subject }: { subject: string }) {
  const [, traceId, moduleId] = subject.split("/");
  if (traceId === undefined || moduleId === undefined) return subject;
  return (
    <Link to="/deliveries/$traceId/$moduleId" params={{ traceId, moduleId }}>
      {moduleId} · {traceId}
    </Link>
  );
}

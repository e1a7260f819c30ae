/** Whether following has come to an end, and with which exit code. */
import type { DeliveryStatus } from "../../operations/get-delivery.ts";
import { exitCodes } from "../cli.ts";

export type Judgement =
  | { kind: "on" }
  /** A person must decide on a release: the terminal may ask. */
  | { kind: "approval" }
  | { kind: "end"; code: number };

/** A hold that ends by itself soon is waited for; for a longer one nobody is kept at the terminal. */
const patienceMs = 60_000;

/** Events after which it is worth looking. */
export const telling: ReadonlySet<string> = new Set([
  "AgentCompleted",
  "AgentFailed",
  "ApprovalRequested",
  "ApprovalVoided",
  "DeliveryCancelled",
  "DeliverySuperseded",
  "DeploymentCompleted",
  "DeploymentFailed",
  "EscalationRaised",
  "ReleaseDelayed",
  "ReleaseRejected",
  "ReleasePublished",
  "ReleaseReplaced",
  "RollbackCompleted",
  "RollbackFailed",
]);

export function judge(status: DeliveryStatus, until: string | undefined, now: Date): Judgement {
  const { situations, kind } = status.explanation;
  if (kind === "over") return { kind: "end", code: exitCodes.failed };
  const there = until ?? status.environments.at(-1);
  if (situations.some((one) => one.kind === "live" && one.environment === there) && until !== undefined)
    return { kind: "end", code: exitCodes.done };
  if (situations.some((one) => one.kind === "working" || one.kind === "retrying")) return { kind: "on" };
  if (
    situations.some(
      (one) => one.ways.some(({ event }) => event === "ApprovalGranted") && one.kind === "waiting",
    )
  )
    return { kind: "approval" };
  switch (kind) {
    case "waiting":
      return { kind: "end", code: exitCodes.waiting };
    case "held": {
      const ends = situations.find((one) => one.kind === "held" && one.until !== undefined)?.until;
      const soon = ends !== undefined && Date.parse(ends) - now.getTime() < patienceMs;
      return soon ? { kind: "on" } : { kind: "end", code: exitCodes.waiting };
    }
    case "stopped":
      return { kind: "end", code: exitCodes.failed };
    case "published":
      return { kind: "end", code: exitCodes.done };
    case "live": {
      const all = status.environments.every((environment) =>
        situations.some((one) => one.kind === "live" && one.environment === environment),
      );
      return all ? { kind: "end", code: exitCodes.done } : { kind: "on" };
    }
    default:
      return { kind: "on" };
  }
}

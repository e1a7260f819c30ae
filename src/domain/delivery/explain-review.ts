/** A pull request that waits for a person to look at it: what it says, and how a review is given. */
import { eventName } from "../event/event.ts";
import type { OpenInvocation } from "./delivery-state.ts";
import type { Situation, Told } from "./situation.ts";

/** Undefined where the invocation waits for something else. */
export function explainReview(
  open: OpenInvocation,
  { record, events }: Told,
): Pick<Situation, "kind" | "on" | "sentence" | "advice" | "ways"> | undefined {
  if (open.dueAt !== null || !open.wakeOn.includes("StudioPRAction")) return undefined;
  const asked = events.findLast(
    (event) => event.invocationid === open.invocationId && eventName(event) === "AgentCompleted",
  );
  const created = events.findLast((event) => eventName(event) === "PullRequestCreated");
  if (asked === undefined || created === undefined) return undefined;
  const repository = (record.handOver?.repository ?? "").split("/").at(-1);
  const name = `${repository}#${String(created.data.number)}`;
  return {
    kind: "waiting",
    on: "a reviewer",
    sentence: `${name} waits for a review: ${String(asked.data.summary).replace(/^#\d+: /, "")}.`,
    advice: `connectsoft pr approve ${name} --comment "..."`,
    ways: [
      {
        event: "StudioPRAction",
        command: `connectsoft pr request-changes ${name} --comment "..."`,
      },
    ],
  };
}

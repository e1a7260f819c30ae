/** Why a release is rolled back: its own failure, a person, a regression or a revocation. */
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { codeInBrackets } from "../../domain/release/rollback-codes.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";
import type { Reason } from "./records.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

export type RollbackKind = "failure" | "person" | "regression" | "revocation";

export interface RollbackCause {
  kind: RollbackKind;
  /** RollbackTriggered stands on the chain for this failure already, by the deployment or an earlier attempt. */
  triggered: boolean;
  reasons: Reason[];
  /** When it was known that the release is bad, ISO 8601: recovery is counted from here. */
  since: string;
  /** Who asked, where a person or a producer outside did. */
  by?: string;
  /** The error code that the person chose. */
  code?: string;
  comment?: string;
  /** A revert pull request was asked for. */
  revert?: boolean;
  /** The release is bad: false where it goes back for another's sake, or because its delivery was cancelled. */
  blames: boolean;
  /** Its delivery was cancelled while it was rolled out. */
  cancelled: boolean;
}

const kinds = {
  RollbackRequested: "person",
  RegressionDetected: "regression",
  ReleaseRevoked: "revocation",
} as const satisfies Partial<Record<EventName, RollbackKind>>;
const asked = Object.keys(kinds) as (keyof typeof kinds)[];

/** After one of these the release is judged anew. */
const ends = ["DeploymentCompleted", "RollbackCompleted", "RollbackFailed"] as const satisfies EventName[];

export async function rollbackCause(context: AgentContext, at: ReleaseAtHand): Promise<RollbackCause> {
  const [ended] = await newest(context, ends, at);
  const since = ended?.sequence ?? 0;
  const isNew = ({ sequence }: RecordedEvent) => sequence > since;
  const [trigger] = (await newest(context, ["RollbackTriggered"], at)).filter(isNew);
  const [request] = (await newest(context, asked, at)).filter(isNew);
  const said = trigger ?? request;
  return {
    kind: request === undefined ? "failure" : kinds[request.name as keyof typeof kinds],
    triggered: trigger !== undefined,
    reasons: said === undefined ? [unsaid] : reasonsOf(said),
    since: (request ?? trigger)?.time ?? context.invocation.invokedAt,
    blames: request?.data.wholeTrace === undefined && request?.data.cancelled !== true,
    cancelled: request?.data.cancelled === true,
    ...(request !== undefined && detailsOf(request)),
  };
}

const unsaid: Reason = { code: "RollbackRequested", message: "a rollback was asked for without a reason" };

/** Of the release in its environment, newest first. */
async function newest(
  context: AgentContext,
  names: readonly EventName[],
  { place, releaseId }: ReleaseAtHand,
): Promise<RecordedEvent[]> {
  const events = await Promise.all(names.map((name) => context.events(name)));
  return events
    .flat()
    .filter((event) => {
      const environment = event.data.environment ?? event.environment ?? place.environment;
      return (
        environment === place.environment &&
        (event.data.releaseId ?? event.releaseId ?? releaseId) === releaseId
      );
    })
    .sort((a, b) => b.sequence - a.sequence);
}

function detailsOf({ data }: RecordedEvent): Pick<RollbackCause, "by" | "code" | "comment" | "revert"> {
  const by = data.by ?? data.producer;
  return {
    ...(typeof by === "string" && { by }),
    ...(typeof data.code === "string" && { code: data.code }),
    ...(typeof data.comment === "string" && { comment: data.comment }),
    ...(data.revert === true && { revert: true }),
  };
}

function reasonsOf({ name, data }: RecordedEvent): Reason[] {
  const { reasons, by, producer, reason, code } = data;
  if (Array.isArray(reasons) && reasons.length > 0) return reasons.flatMap(reasonOf);
  const who =
    typeof by === "string"
      ? `${by} asked for it`
      : typeof producer === "string"
        ? `${producer} reports a regression`
        : name;
  const head = `${who}${codeInBrackets(code)}`;
  return [{ code: name, message: typeof reason === "string" ? `${head}: ${reason}` : head }];
}

function reasonOf(value: unknown): Reason[] {
  if (typeof value !== "object" || value === null || !("code" in value) || !("message" in value)) return [];
  return [{ code: String(value.code), message: String(value.message) }];
}

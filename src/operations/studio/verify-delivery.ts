/** The verifier, run by the server for the browser's view: what is checked of one delivery, and whether it holds. */
import { z } from "zod";
import { ownKeyOf, problemOfVote } from "../../domain/audit/vote-signature.ts";
import { sha256 } from "../../domain/canonical-json.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import { RefusalError } from "../../domain/refusal.ts";
import { type Subject, subjectKey, subjectSchema } from "../../domain/scope.ts";
import { countText } from "../../domain/time-text.ts";
import { findDelivery } from "../find-delivery.ts";
import { replayDelivery } from "../replay-delivery.ts";
import type { Caller, System } from "../system.ts";

export const verifyDeliveryInput = subjectSchema.extend({
  /** Also compare everything that the database holds of the tenant with its published checkpoints, which takes longer. */
  tenant: z.stringbool().default(false),
});

export interface DeliveryVerdict {
  subject: Subject;
  /** Every check holds. */
  good: boolean;
  checks: AuditCheckLine[];
  /** The end of the delivery's chain: compare it with a copy of your own. */
  head: { sequence: number; hash: string };
}

export interface AuditCheckLine {
  check: "chain" | "replay" | "votes" | "artifacts" | "log" | "tenant";
  /** What is checked, one sentence. */
  asks: string;
  verdict: "holds" | "fails" | "not-yet";
  /** What was found, one sentence. */
  says: string;
}

export async function verifyDelivery(
  system: System,
  caller: Caller,
  { tenant, ...subject }: z.output<typeof verifyDeliveryInput>,
): Promise<DeliveryVerdict> {
  const { head } = await findDelivery(system, caller, subject);
  const events = (await system.store.events(subject)).filter(({ sequence }) => sequence <= head.sequence);
  const replay = await replayDelivery(system, caller, subject);
  const checks = [
    line("chain", "Each event follows the one before it and is as it was sealed.", {
      problem: replay.chain.intact ? undefined : `Event ${replay.chain.sequence} ${replay.chain.problem}.`,
      says: `${countText(events.length, "event")}, none missing and none changed.`,
    }),
    line("replay", "The events alone lead to the state that is stored.", {
      problem: replay.same ? undefined : `They differ in ${replay.differences.join(", ")}.`,
      says: "They do.",
    }),
    await voteCheck(system, subject, events),
    await artifactCheck(system, subject, events),
    await logCheck(system, subject, head),
    ...(tenant ? [await tenantCheck(system, subject.tenantId)] : []),
  ];
  return { subject, good: checks.every(({ verdict }) => verdict !== "fails"), checks, head };
}

function line(
  check: AuditCheckLine["check"],
  asks: string,
  { problem, says }: { problem: string | undefined; says: string },
): AuditCheckLine {
  return { check, asks, verdict: problem === undefined ? "holds" : "fails", says: problem ?? says };
}

async function voteCheck(system: System, subject: Subject, events: DeliveryEvent[]): Promise<AuditCheckLine> {
  const keys = await system.signer.keys(subject.tenantId);
  const votes = events.filter((event) => ["ApprovalGranted", "ApprovalRefused"].includes(eventName(event)));
  const problems = votes.flatMap((event) => {
    const problem = problemOfVote(subject, event, keys);
    return problem === undefined ? [] : [`Event ${event.sequence} ${problem}.`];
  });
  const own = votes.filter((event) => ownKeyOf(event) !== undefined).length;
  return line("votes", "Each vote carries a signature over exactly what it says.", {
    problem: problems[0],
    says:
      votes.length === 0
        ? "Nobody has voted."
        : `${countText(votes.length, "vote")}, ${own} with a person's own key.`,
  });
}

async function artifactCheck(
  system: System,
  { tenantId }: Subject,
  events: DeliveryEvent[],
): Promise<AuditCheckLine> {
  const written = events.filter((event) => eventName(event) === "ArtifactWritten");
  let problem: string | undefined;
  for (const { data } of written) {
    const [path, version] = [String(data.path), Number(data.version)];
    const found = await system.store.artifact({ tenantId, path, version });
    if (found === undefined) problem ??= `${path}, version ${version}, is gone.`;
    else if (sha256(found.content) !== data.sha256) problem ??= `${path}, version ${version}, was changed.`;
  }
  return line("artifacts", "What agents wrote is byte for byte what the chain says.", {
    problem,
    says: `${countText(written.length, "version")} of artifacts.`,
  });
}

/** Nothing is signed for being asked: what came after the newest checkpoint is in the next one. */
async function logCheck(
  system: System,
  subject: Subject,
  head: { sequence: number; hash: string },
): Promise<AuditCheckLine> {
  const asks = "The end of the chain stands in the tenant's signed log.";
  const proofs = await system.auditLog.prove(subject.tenantId, [{ chain: subjectKey(subject) }]);
  const leaf = proofs?.leaves[0];
  if (leaf === undefined)
    return { check: "log", asks, verdict: "not-yet", says: "The next checkpoint takes it in." };
  if (leaf.sequence > head.sequence || (leaf.sequence === head.sequence && leaf.hash !== head.hash))
    return { check: "log", asks, verdict: "fails", says: `The log has another event ${leaf.sequence}.` };
  const size = proofs?.checkpoint.size;
  const says = `Up to event ${leaf.sequence}, in the checkpoint of ${size} leaves.`;
  return { check: "log", asks, verdict: "holds", says };
}

async function tenantCheck(system: System, tenantId: string): Promise<AuditCheckLine> {
  const asks = "All that the database holds of the tenant fits itself and the published checkpoints.";
  try {
    const { finding, deliveries, checkpoints } = await system.auditLog.check(tenantId, {});
    return line("tenant", asks, {
      problem: finding && `${finding.where} ${finding.problem}.`,
      says: `${deliveries} deliveries and ${checkpoints} checkpoints.`,
    });
  } catch (error) {
    if (error instanceof RefusalError)
      return { check: "tenant", asks, verdict: "fails", says: error.refusal.message };
    throw error;
  }
}

/** What a tenant's own gates are asked and answer, and what that means for a release. */
import { z } from "zod";
import type { Digests } from "../event/event-catalogue.ts";
import type { ExternalGate } from "../tenant/external-gates.ts";
import { failed, type Gate } from "./gate.ts";

/** What a gate is told, as JSON. */
export interface GateQuestion {
  gate: string;
  tenantId: string;
  traceId: string;
  moduleId: string;
  environment: string;
  releaseId: string;
  version: string;
  sponsor: string;
  /** The answer counts for exactly these. */
  digests: Digests;
}

const text = z.string().max(2_000);

export const gateAnswerSchema = z.object({
  status: z.enum(["passed", "failed", "pending"]),
  reason: text.default(""),
  /** Where it can be looked at, or what was found. */
  evidence: z.union([text, z.record(z.string(), z.json())]).optional(),
});
export type GateAnswered = z.output<typeof gateAnswerSchema>;

/** One gate's part of the evidence. */
export type ExternalAnswer = { gate: string; askedAt: string } & (
  | ({ outcome: "answered"; eventId?: string } & GateAnswered)
  /** Nothing that can be understood came back. */
  | { outcome: "unanswered"; why: string; next?: string }
);

/** Gates for `evaluateRelease`, by their own names, after those that are built in. */
export function externalGates(answers: readonly ExternalAnswer[], askAgainAt: string): Gate[] {
  return answers.map((answer) => ({
    name: answer.gate,
    answer: () => {
      if (answer.outcome === "unanswered")
        return {
          ...failed(
            "GateUnanswered",
            `The gate ${answer.gate} gave no answer: ${answer.why}.`,
            answer.next ?? "Nothing to do: it is asked again.",
          ),
          until: askAgainAt,
        };
      const { status, reason, gate, askedAt } = answer;
      const said = reason === "" ? "without a reason" : reason;
      if (status === "passed")
        return { status: "Passed", evidence: `${gate} answered at ${askedAt}: ${said}` };
      if (status === "failed")
        return failed(
          "PolicyBlocked",
          `The gate ${gate} blocks it: ${said}.`,
          "Mend what it names and hand the module over again.",
        );
      return {
        ...failed(
          "GateUnanswered",
          `The gate ${gate} has not decided yet: ${said}.`,
          "Nothing to do: it is asked again.",
        ),
        until: askAgainAt,
      };
    },
  }));
}

export function gatesFor(
  gates: readonly ExternalGate[],
  { environment, moduleId }: { environment: string; moduleId: string },
): ExternalGate[] {
  return gates.filter(
    ({ environments, modules }) =>
      environments?.includes(environment) !== false && modules?.includes(moduleId) !== false,
  );
}

/** What may happen to a delivery from outside, at any time. */
import fc from "fast-check";
import type { EventDraft } from "../../src/domain/event/event.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { vote } from "../support/scripted-agents.ts";

export type Act =
  | { kind: "pass"; ms: number }
  | { kind: "kill" }
  | {
      kind: "tell";
      delivery: number;
      what: Statement;
      environment: "staging" | "production";
      again: boolean;
    };

/** States that a person may name. What lies behind a proposal or an approval is the agents' own to refuse. */
const places = {
  delivery: ["preparing", "preparing.code.committing", "generating_pipeline", "merging", "promoting"],
  environment: ["proposed", "rolling_back"],
} as const;

const statements = [
  "ApprovalGranted",
  "ApprovalRefused",
  "DeliveryCancelled",
  "DeliverySuperseded",
  "DeployRequested",
  "PolicyBlocked",
  "RebuildPipelineRequested",
  "RegressionDetected",
  "ReleaseRevoked",
  "RetryDelayed",
  "RollbackRequested",
  "StudioCommitRequest",
  "StudioPRAction",
  "ProvisionRequested",
  "TestsGenerated",
] as const;

export type Statement =
  | { name: (typeof statements)[number] }
  | { name: "FlowMoved"; instance: "delivery" | "environment"; place: number };

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 8_000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("tell" as const),
      delivery: fc.nat(7),
      what: fc.oneof(
        { weight: 5, arbitrary: fc.record({ name: fc.constantFrom(...statements) }) },
        { weight: 3, arbitrary: fc.constant<Statement>({ name: "ApprovalGranted" }) },
        {
          weight: 2,
          arbitrary: fc.record({
            name: fc.constant("FlowMoved" as const),
            instance: fc.constantFrom("delivery" as const, "environment" as const),
            place: fc.nat(4),
          }),
        },
      ),
      environment: fc.constantFrom("staging" as const, "production" as const),
      again: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    }),
  },
);

export const anyActOrKill: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: anyAct },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: "kill" }) },
);

export function draftOf({ what, environment }: Extract<Act, { kind: "tell" }>): EventDraft {
  const releaseId = environment === "staging" ? "release-000001" : "release-000002";
  const source = "/cli";
  if (what.name === "FlowMoved") {
    const instance = what.instance === "delivery" ? "delivery" : environment;
    const to = places[what.instance][what.place % places[what.instance].length] ?? "proposed";
    return { name: what.name, source, data: { instance, to, by: "jane", reason: "again" } };
  }
  const data: JsonObject = {
    ...vote(releaseId),
    releaseId,
    by: "jane",
    reasons: [],
    byTrace: "trace-newer",
    until: "2025-05-23T10:30:00.000Z",
  };
  const ofDelivery = /^(Delivery|Rebuild|Studio|Provision|Tests)/.test(what.name);
  return { name: what.name, source, data, ...(!ofDelivery && { environment }) };
}

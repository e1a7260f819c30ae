import { expect, test } from "vitest";
import { type DeliveryEvent, type EventDraft, genesis, headOf, sealEvent } from "../domain/event/event.ts";
import type { JsonObject } from "../domain/json.ts";
import type { Cli } from "./cli.ts";
import { describeTimeline } from "./describe-timeline.ts";

const cli = { colors: { dim: String, yellow: String } } as unknown as Cli;

function chain(...told: [name: EventDraft["name"], source: string, data: JsonObject][]): DeliveryEvent[] {
  let after = genesis;
  return told.map(([name, source, data]) => {
    const draft = { name, source, data, environment: "production" };
    const scope = { tenantId: "acme", traceId: "trace-1", moduleId: "booking" };
    const event = sealEvent(scope, draft, { after, time: "2026-11-22T10:00:00.000Z" });
    after = headOf(event);
    return event;
  });
}

test("each line says who did what to what, and why, in words", () => {
  const data = { releaseId: "release-000001", by: "max", comment: "seen it in staging" };
  const overridden = { ...data, by: "sec", confirmedBy: "max", freezes: ["year-end"], comment: "" };
  const lines = describeTimeline(
    cli,
    chain(["ApprovalGranted", "/cli", data], ["FreezeOverridden", "/cli", overridden]),
    false,
  );
  expect(lines.map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual([
    "1 10:00:00.000 production ApprovalGranted max approved by max: seen it in staging",
    "2 10:00:00.000 production FreezeOverridden sec sec and max let release-000001 pass year-end",
  ]);
});

test("what agents do besides is shown where it is asked for", () => {
  const events = chain(["AgentInvoked", "/engine", { agentId: "devops-engineer", skillId: "RunTests" }]);
  expect(describeTimeline(cli, events, false)).toEqual([]);
  expect(describeTimeline(cli, events, true)).toHaveLength(1);
});

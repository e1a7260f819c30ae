import { expect, test } from "vitest";
import { type ChainHead, type DeliveryEvent, genesis, headOf, sealEvent } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import { adviceOf, describeCause } from "./explain-cause.ts";
import type { Told } from "./situation.ts";

const subject = { tenantId: "acme", traceId: "trace-1", moduleId: "shop" };

test("an approval waits for the seats that are open", () => {
  const told = chain([
    "ApprovalRequested",
    { releaseId: "release-1", missing: 2, open: "ProductOwner, and Auditor" },
  ]);
  const { on, sentence } = said(told, 0);
  expect(on).toBe("ProductOwner, and Auditor");
  expect(sentence).toMatch(/waits for approvals by ProductOwner, and Auditor for /);
});

test("what was published says so until its last environment goes back, and again after it is deployed anew", () => {
  const published = chain(["DeploymentCompleted", {}], ["ReleasePublished", {}]);
  expect(said(published, 1).sentence).toMatch(/^shop is published: live and healthy/);
  const back = chain(["DeploymentCompleted", {}], ["ReleasePublished", {}], ["RollbackCompleted", {}]);
  expect(said(back, 1).sentence).toMatch(
    /^shop was published .*; its last environment has gone back since\.$/,
  );
  const anew = chain(
    ["DeploymentCompleted", {}],
    ["ReleasePublished", {}],
    ["RollbackCompleted", {}],
    ["DeploymentCompleted", {}],
  );
  expect(said(anew, 1).sentence).toMatch(/^shop is published: /);
});

test("what is held says for how long and until when, in words", () => {
  const reasons = [{ code: "FreezeActive", message: "production is frozen" }];
  const held = chain([
    "ReleaseDelayed",
    { releaseId: "release-1", reasons, until: "2026-01-04T00:00:00.000Z" },
  ]);
  expect(said(held, 0)).toMatchObject({
    until: "2026-01-04T00:00:00.000Z",
    sentence:
      "shop 1.0.0 (release-1) in production is held for 2 d, until 2026-01-04 00:00 UTC: FreezeActive: production is frozen.",
  });
});

test("what a person put off waits for the time that they named, and not for what it waited for before", () => {
  const told = chain(
    ["ApprovalRequested", { releaseId: "release-1", missing: 1, open: "ProductOwner" }],
    [
      "RetryDelayed",
      { releaseId: "release-1", by: "max", reason: "night shift", until: "2026-01-02T01:00:00.000Z" },
    ],
  );
  expect(said(told, 1)).toEqual({
    kind: "held",
    on: "time",
    until: "2026-01-02T01:00:00.000Z",
    sentence:
      "shop 1.0.0 (release-1) in production was put off by max for 1 h, until 2026-01-02 01:00 UTC: night shift.",
  });
});

test("who is to hand it over again is told how", () => {
  const next = "Mend what they name and hand the module over again.";
  const rejected = chain([
    "ReleaseRejected",
    { reasons: [{ code: "ApprovalRefused", message: "no", next }] },
  ]);
  expect(adviceOf(rejected.events[0] as DeliveryEvent, rejected)).toBe(
    "Mend what they name and hand the module over again: connectsoft deliver ./shop",
  );
  const failed = chain(["AgentFailed", { next: "Correct it and hand it over again; the report has more." }]);
  expect(adviceOf(failed.events[0] as DeliveryEvent, failed)).toBe(
    "Correct it and hand it over again: connectsoft deliver ./shop; the report has more.",
  );
});

function said(told: Told, at: number) {
  const now = "2026-01-02T00:00:00.000Z";
  const base = { state: "live", moduleId: "shop", environment: "production", accepted: [], until: undefined };
  return describeCause(told.events[at], { ...base, told, now });
}

function chain(...facts: [EventName, JsonObject][]): Told {
  let after: ChainHead = genesis;
  const events = facts.map(([name, data]) => {
    const draft = { name, source: "/engine", environment: "production", data } as const;
    const event = sealEvent(subject, draft, { after, time: "2026-01-01T00:00:00.000Z" });
    after = headOf(event);
    return event;
  });
  const source = { kind: "folder", path: "./shop" };
  const handOver = { environments: ["staging", "production"], module: { version: "1.0.0" }, source };
  return { record: { subject, handOver } as unknown as Told["record"], events };
}

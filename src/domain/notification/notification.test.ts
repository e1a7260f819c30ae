/** What may be declared, when something is sent again, and what people read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EventDraft, genesis, sealEvent } from "../event/event.ts";
import { type EventName, eventCatalogue } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import { parseTenant } from "../tenant/parse-tenant.ts";
import { selectedEvents } from "./event-selection.ts";
import { harmlessLine, harmlessText } from "./harmless-text.ts";
import { messageOf } from "./message.ts";
import { retryAfterMs, retryDelayMs } from "./retry-schedule.ts";

const secret = "{ secret: KEY, environment: staging }";
const declared = (targets: string) =>
  parseTenant(
    `id: acme\npeople: [{ id: jane, roles: [StudioAdmin] }]\nenvironments: [{ id: staging }]\nnotifications: ${targets}\n`,
    "tenant.yaml",
  ).notifications;

describe("targets in tenant.yaml", () => {
  test("are none where nobody names any", () => {
    expect(
      parseTenant(
        "id: acme\npeople: [{ id: jane, roles: [StudioAdmin] }]\nenvironments: [{ id: staging }]\n",
        "t",
      ).notifications,
    ).toEqual([]);
  });

  test("name a channel, events and where their secret is", () => {
    const [target] = declared(
      `[{ id: ops, to: { webhook: { url: "https://a.example/x", secret: ${secret} } }, on: [failed, ReleaseRevoked] }]`,
    );
    expect(target).toMatchObject({ allowPrivate: false, attempts: 16 });
    expect(target?.to.webhook?.secret).toEqual({
      secret: "KEY",
      environment: "staging",
      module: "notifications",
    });
    expect(selectedEvents(target?.on ?? [])).toContain("DeploymentFailed");
    expect(
      selectedEvents(["failed", "DeploymentFailed"]).filter((name) => name === "DeploymentFailed"),
    ).toHaveLength(1);
  });

  test.each([
    [
      `[{ id: a, to: { webhook: { url: "https://a.example", secret: ${secret} } }, on: [deploid] }]`,
      /waiting-for-approval/,
    ],
    [`[{ id: a, to: {}, on: [failed] }]`, /exactly one of webhook, slack, teams and email/],
    [
      `[{ id: a, to: { slack: { url: ${secret} }, teams: { url: ${secret} } }, on: [failed] }]`,
      /exactly one/,
    ],
    [
      `[{ id: a, to: { slack: { url: "https://hooks.slack.com/services/x" } }, on: [failed] }]`,
      /notifications/,
    ],
    [`[{ id: a, to: { slack: { url: ${secret}, channel: x } }, on: [failed] }]`, /unknown key "channel"/],
    [
      `[{ id: a, to: { webhook: { url: "https://me:pw@a.example", secret: ${secret} } }, on: [failed] }]`,
      /no user name or password/,
    ],
    [
      `[{ id: a, to: { webhook: { url: "file:///etc/passwd", secret: ${secret} } }, on: [failed] }]`,
      /expected an address/,
    ],
    [
      `[{ id: a, to: { webhook: { url: "https://a.example", format: cdevents, secret: ${secret} } }, on: [CommitReady] }]`,
      /no type of CDEvents fits/,
    ],
    [
      `[{ id: a, to: { email: { host: h, from: "a@b.c", to: ["x@y.z\\r\\nRCPT TO:<e@e.e>"] } }, on: [failed] }]`,
      /expected an address/,
    ],
    [
      `[{ id: a, to: { email: { host: h, from: "a@b.c", to: ["x@y.z"], security: none, user: u, password: ${secret} } }, on: [failed] }]`,
      /anybody on the way reads it/,
    ],
    [
      `[{ id: a, to: { slack: { url: ${secret} } }, on: [failed] }, { id: a, to: { slack: { url: ${secret} } }, on: [failed] }]`,
      /different ids/,
    ],
  ])("are refused as %s", (targets, words) => {
    expect(() => declared(targets)).toThrow(words);
  });
});

describe("a repetition", () => {
  test("comes later each time, never at once, never after more than six hours unless it was asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = retryDelayMs(attempt, random);
          expect(delay).toBeGreaterThanOrEqual(2_500);
          expect(delay).toBeLessThanOrEqual(6 * 3_600_000);
          expect(retryDelayMs(attempt + 1, random)).toBeGreaterThanOrEqual(delay);
        },
      ),
    );
  });

  test("waits as long as the receiver asks, up to a day", () => {
    expect(retryDelayMs(1, 0, 120_000)).toBe(120_000);
    expect(retryDelayMs(1, 0, Number.MAX_SAFE_INTEGER)).toBe(24 * 3_600_000);
  });

  test("reads Retry-After as seconds or as a date, and leaves out what is neither", () => {
    const now = new Date("2026-11-22T10:00:00Z");
    expect(retryAfterMs("120", now)).toBe(120_000);
    expect(retryAfterMs("Sun, 22 Nov 2026 10:02:00 GMT", now)).toBe(120_000);
    expect(retryAfterMs("soon", now)).toBeUndefined();
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });
});

describe("text that others wrote", () => {
  test("holds no control, no direction and nothing invisible, whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(harmlessLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(harmlessText(text).replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(harmlessText(text, 20).length).toBeLessThanOrEqual(20);
      }),
    );
  });

  test("of ten megabytes is cut", () => {
    expect(harmlessText("x".repeat(10_000_000)).length).toBe(2_000);
  });
});

describe("a message", () => {
  const of = (draft: Partial<EventDraft>) =>
    messageOf(
      "msg_1",
      sealEvent(
        { tenantId: "acme", traceId: "trace-1", moduleId: "booking" },
        { name: "ApprovalRequested", source: "/agents/release-manager", data: {}, ...draft },
        { after: genesis, time: "2026-11-22T10:00:00.000Z" },
      ),
    );

  const asked = {
    ...{ releaseId: "release-000001", version: "1.2.0" },
    ...{ asks: "2 of ProductOwner or ReleaseManager", roles: ["ProductOwner", "ReleaseManager"] },
    reasons: [{ code: "QuorumNotMet", message: "still needs 2 of ProductOwner or ReleaseManager" }],
  };
  const factsOf = (data: JsonObject) =>
    Object.fromEntries(of({ environment: "production", data }).facts.map(({ name, value }) => [name, value]));

  test("says what waits where and who may decide, and links to the release in Studio", () => {
    const message = of({ environment: "production", data: { ...asked, mayApprove: ["max", "olga"] } });
    expect(message.title).toBe("booking 1.2.0 waits for approval in production");
    expect(message.lines).toEqual([]);
    expect(message.facts).toContainEqual({ name: "Needs", value: asked.asks });
    expect(message.facts).toContainEqual({ name: "Who may decide", value: "max, olga" });
    expect(message.path).toBe("/approvals/release-000001");
  });

  test("has a command that is good for everybody who reads it, whatever it is about", () => {
    for (const name of Object.keys(eventCatalogue) as EventName[])
      expect(of({ name, data: { ...asked, what: "x", by: "max" } }).command).toMatch(
        /^connectsoft (explain|failure) /,
      );
  });

  test("names who decided, what is missing and who is left", () => {
    const data = { ...asked, mayApprove: ["max", "olga"], granted: ["max"], open: "ReleaseManager" };
    expect(factsOf(data)).toMatchObject({
      "Approved by": "max",
      "Still missing": "ReleaseManager",
      "Who may decide": "olga",
    });
    expect(factsOf({ ...asked, mayApprove: [] })["Who may decide"]).toMatch(/^nobody yet/);
    expect(factsOf(asked)["Who may decide"]).toBe("ProductOwner, ReleaseManager");
  });

  test("says a reason once, and whom an escalation is for", () => {
    const reasons = [{ code: "FreezeOverrideNotAllowed", message: "jane may not." }];
    const what = "release-000001 stays frozen: jane may not.";
    const message = of({
      name: "EscalationRaised",
      data: { what, who: ["StudioApprover"], next: "", reasons },
    });
    expect(message.lines).toEqual([what]);
    expect(message.facts).toContainEqual({ name: "Who may act", value: "StudioApprover" });
    expect(message.path).toBe("/deliveries/trace-1/booking");
  });

  test("keeps the words of people from being more than words", () => {
    const message = of({
      name: "EscalationRaised",
      data: {
        what: "no\u001b[2J answer\u202e",
        who: [],
        next: "",
        reasons: [{ code: "X", message: "a\u0000b" }],
      },
    });
    expect(message.lines).toEqual(["no�[2J answer�", "X: a�b"]);
    expect(message.command).toBe("connectsoft explain trace-1");
  });
});

import { describe, expect, test } from "vitest";
import { type JournalAct, type JournalEntry, journalActs } from "../journal/journal-entry.ts";
import type { JsonObject } from "../json.ts";
import { tellAct } from "./tell-act.ts";

const told = (act: JournalAct, actor: string, data: JsonObject) =>
  tellAct({ act, actor, data } as JournalEntry);

describe("an entry of the journal as a person reads it", () => {
  test.each<[JournalAct, string, JsonObject, string]>([
    [
      "AccessDenied",
      "jane",
      {
        action: "deploy",
        code: "TenantForbidden",
        resource: { environment: "production", moduleId: "orders" },
      },
      "jane was not permitted to deploy (orders) in production (TenantForbidden).",
    ],
    [
      "TokenIssued",
      "root",
      { person: "max", label: "laptop" },
      "root made an access token for max (laptop).",
    ],
    ["SessionBegun", "sec", { with: "link" }, "sec signed in with a browser, by a one-time link."],
    [
      "CallerRefused",
      "nobody",
      { code: "TokenUnknown" },
      "Somebody called with a token that is not good, and was refused (TokenUnknown).",
    ],
    [
      "FreezeLifted",
      "max",
      { id: "year-end", reason: "it is over." },
      "max lifted the freeze year-end: it is over.",
    ],
    [
      "PolicyApplied",
      "ada",
      { version: 2, proposal: "policy-7" },
      "ada put version 2 of the tenant in force, as policy-7 asked for.",
    ],
  ])("%s", (act, actor, data, sentence) => {
    expect(told(act, actor, data)).toBe(sentence);
  });

  test("is a sentence also where nothing is known beside the act", () => {
    for (const act of Object.keys(journalActs) as JournalAct[])
      expect(told(act, "max", {})).toMatch(/^max [a-z][^{}]+\.$/);
  });
});

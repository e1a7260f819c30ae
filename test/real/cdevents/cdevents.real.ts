/**
 * Every CDEvent that we send holds to the schema that the specification has for its type in 0.5.0, as the project's own Go
 * library carries it. The drafts of `approval.*` are in no release: they are held to what the draft of 0.6 asks for.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CdEvent, cdEventsVersion } from "../../../src/domain/cdevents/cd-event.ts";
import { fittingNames } from "../../../src/domain/cdevents/fitting.ts";
import { testCdEvent, toCdEvents } from "../../../src/domain/cdevents/to-cd-event.ts";
import type { JsonObject } from "../../../src/domain/json.ts";
import { fittingEvent } from "../../support/fitting-events.ts";

const module = "github.com/cdevents/sdk-go@v0.5.0";
const base = `https://cdevents.dev/${cdEventsVersion}/schema/`;
const hasGo = await promisify(execFile)("go", ["version"]).then(
  () => true,
  () => false,
);

let workplace: string;
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);

beforeAll(async () => {
  if (!hasGo) return;
  workplace = await mkdtemp(path.join(os.tmpdir(), "connectsoft-cdevents-"));
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], {
    cwd: workplace,
  });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const source = await readFile(path.join(Dir, "pkg/api/schemas.go"), "utf8");
  for (const [, id = "", text = ""] of source.matchAll(/"(https:\/\/cdevents\.dev\/[^"]+)": `(.*?)`,\n/gs))
    if (id.startsWith(base) && ajv.getSchema(id) === undefined) ajv.addSchema(JSON.parse(text), id);
});
afterAll(async () => {
  if (hasGo) await rm(workplace, { recursive: true, force: true });
});

const options = { drafts: true, address: "https://delivery.example/api/v1/deliveries/acme/t/booking" };
const released = fittingNames({ drafts: false });
const drafts = fittingNames({ drafts: true }).filter((name) => !released.includes(name));

function problemsOf(event: CdEvent | undefined, schema: string): unknown {
  const check = ajv.getSchema(base + schema);
  if (check === undefined) throw new Error(`the specification has no ${schema}`);
  check(event);
  return check.errors ?? [];
}

describe.runIf(hasGo)("by the schema of its type", () => {
  test.each(released)("%s holds", (name) => {
    for (const more of variantsOf[name] ?? [{}]) {
      const told = toCdEvents(fittingEvent(name, more), options);
      expect(told).not.toEqual([]);
      for (const event of told) {
        const [, , subject, predicate] = event.context.type.split(".");
        expect(problemsOf(event, `${subject}-${predicate}-event`)).toEqual([]);
      }
    }
  });

  test("a test holds as a custom event", () => {
    const event = testCdEvent({
      id: "test_1",
      time: "2026-01-01T10:00:00Z",
      source: "/notifications",
      data: { by: "ada" },
    });
    expect(problemsOf(event, "custom")).toEqual([]);
  });

  test("what lacks a field does not hold, so that the schemas say something", () => {
    const [event] = toCdEvents(fittingEvent("DeploymentCompleted"), options);
    expect(
      problemsOf(event && { ...event, subject: { id: "x", content: {} } }, "service-deployed-event"),
    ).not.toEqual([]);
  });
});

/** By its data an event may be of one type or another. */
const variantsOf: Partial<Record<string, JsonObject[]>> = {
  DeploymentCompleted: [{}, { replaced: { releaseId: "release-000001" } }],
  RollbackCompleted: [{}, { restored: null }],
  InfraProvisioned: [{}, { created: ["production"] }, { environments: ["staging", "production"] }],
  ScanCompleted: [{}, { findings: { unknown: 1 } }, { findings: { critical: 0 } }],
  FlowStarted: [{}, { instance: "delivery" }],
};

const urls = ["approvalDetailsUrl", "resourceTargetUrl"];
const asked: Record<string, string[]> = {
  created: [...urls, "requestor"],
  updated: [...urls, "decision", "responder"],
  closed: [...urls, "decision", "responder", "status"],
};

test.each(drafts)("%s says exactly what the draft asks of its type", (name) => {
  const [event] = toCdEvents(fittingEvent(name), options);
  const [, , subject, predicate = ""] = event?.context.type.split(".") ?? [];
  expect(subject).toBe("approval");
  expect(Object.keys(event?.subject.content ?? {}).sort()).toEqual([...(asked[predicate] ?? [])].sort());
});

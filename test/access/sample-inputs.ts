/** An input for each operation that its schema takes, about one delivery: what a walk over the catalogue asks with. */
import { stringify } from "yaml";
import { z } from "zod";
import type { Subject } from "../../src/domain/scope.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { exampleFolder } from "../support/system.ts";

export interface Known extends Subject {
  environment: string;
  releaseId: string;
  repository: string;
  /** Somebody else of the tenant. */
  person: string;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** What is asked for by the names that all operations use, and what one operation alone wants. */
export function sampleInput({ name, input }: Operation, known: Known): Record<string, unknown> {
  const { properties = {}, required = [] } = schemaOf(input);
  const words = { ...wordsOf(known), ...special(known)[name] };
  const asked = Object.keys(properties).filter((key) => required.includes(key) || key in places(known));
  const drawn = Object.fromEntries(asked.map((key) => [key, words[key] ?? anyOf(properties[key])]));
  return { ...drawn, ...special(known)[name] };
}

function schemaOf(input: z.ZodType): Schema {
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
}

function places({ tenantId, traceId, moduleId, environment, releaseId, repository }: Known) {
  return { tenantId, traceId, moduleId, environment, releaseId, repository };
}

function wordsOf(known: Known): Record<string, unknown> {
  return {
    ...places(known),
    person: known.person,
    number: 1,
    ref: known.releaseId,
    release: known.releaseId,
    version: "1.0.0",
    path: exampleFolder,
    base: "main",
    head: "main",
    source: { kind: "folder", path: exampleFolder },
    until: "2999-01-01T00:00:00.000Z",
    commit: "a".repeat(40),
    content: "H4sIAAAAAAAAAwMAAAAAAAAAAAA=",
    text: "id: any",
  };
}

function special({ tenantId, traceId, moduleId, environment, releaseId, person }: Known) {
  const words: Record<string, Record<string, unknown>> = {
    getArtifact: { path: `memory/${traceId}/tenant-${tenantId}/${moduleId}/commits/CommitMetadata.json` },
    setConfig: { name: "GREETING", value: "hello" },
    unsetConfig: { name: "GREETING" },
    setSecret: { name: "DATABASE_URL", value: "hidden" },
    unsetSecret: { name: "DATABASE_URL" },
    sendEvent: { name: "DeployRequested", data: {} },
    approveRelease: { comment: "looks right to me" },
    rejectRelease: { comment: "breaks the bookings" },
    requestChanges: { comment: "needs a test of it" },
    delayRelease: { comment: "later, please", until: "2999-01-01T00:00:00.000Z" },
    delegateRole: { to: person, role: "ReleaseManager" },
    explainAccess: { who: "ReleaseManager", what: "approve", where: environment },
    testPolicy: { text: stringify({ cases: [{ who: "Developer", what: "view", expect: "allow" }] }) },
    validatePolicy: {},
    diffPolicy: {},
    showAgent: { agentId: "code-committer" },
    showFlow: { name: "delivery" },
    showSchema: { name: "tenant" },
    validateFlow: { text: "initial: a\nstates: {a: {type: final}}\n" },
    addEvidence: { producer: "jenkins" },
    setCompliance: { environment, traceId: undefined, moduleId: undefined },
    confirmPolicy: { proposal: "policy-1" },
    rejectPolicy: { proposal: "policy-1" },
    importCalendar: {
      text: `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:any\r\nBEGIN:VEVENT\r\nUID:fair\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:29990101T000000Z\r\nDTEND:29990102T000000Z\r\nSUMMARY:fair\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    },
    listFreezeWindows: { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
    liftFreeze: { id: "any-freeze" },
    overrideCve: { cves: ["CVE-2025-12345"] },
    retryNotifications: { all: true },
    createSubscription: { id: "any-receiver", url: "https://receiver.example", events: ["deployed"] },
    updateSubscription: {
      subscription: "any-receiver",
      url: "https://receiver.example",
      events: ["deployed"],
    },
    ...everyOf(["getSubscription", "deleteSubscription", "testSubscription", "listSubscriptionDeliveries"], {
      subscription: "any-receiver",
    }),
    createHook: {
      id: "any-hook",
      kind: "github",
      account: "any",
      handOver: { url: "https://forge.example/x" },
    },
    updateHook: {
      hook: "any-hook",
      kind: "github",
      account: "any",
      handOver: { url: "https://forge.example/x" },
    },
    ...everyOf(["getHook", "deleteHook", "rotateHookSecret", "listHookReceipts"], { hook: "any-hook" }),
    pauseSubscription: { subscription: "any-receiver", reason: "it moves house" },
    resumeSubscription: { subscription: "any-receiver" },
    rotateSubscriptionSecret: { subscription: "any-receiver" },
    redeliver: { subscription: "any-receiver", delivery: `msg_${"0".repeat(40)}` },
    testNotificationTarget: { target: "any-target" },
    revokeSession: { id: "ses-0123456789abcdef" },
    revokeToken: { id: "tok-0123456789abcdef" },
    ingestEvent: {
      specversion: "1.0",
      id: "any-1",
      source: "/ci/jenkins",
      type: "com.connectsoft.delivery.TestsPassed",
      subject: `${tenantId}/${traceId}/${moduleId}`,
      data: {
        releaseId,
        commit: "a".repeat(40),
        tree: "b".repeat(40),
        reportDigest: `sha256:${"c".repeat(64)}`,
      },
    },
  };
  return words;
}

function everyOf(names: string[], words: Record<string, unknown>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, words]));
}

function anyOf(schema: Schema = {}): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "integer" || schema.type === "number") return 1;
  if (schema.type === "boolean") return true;
  if (schema.type === "array") return [];
  if (schema.type === "object") return {};
  return "any words that say enough";
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sampleInvocation } from "../../../test/support/agent-context.ts";
import { attemptSpanId, deliveryIds } from "../../domain/timeline/span-ids.ts";
import { createTracingObserver } from "./trace-skills.ts";

describe("spans over OTLP", () => {
  let collector: Server;
  let bodies: { path: string; type: string; body: Buffer }[];
  let arrived: () => void;

  beforeEach(async () => {
    bodies = [];
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
        bodies.push({
          path: request.url ?? "",
          type: request.headers["content-type"] ?? "",
          body: plain,
        });
        response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
        arrived();
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    const { port } = collector.address() as AddressInfo;
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await new Promise((resolve) => collector.close(resolve));
  });

  test("sends a span of each skill to the collector, in the trace that every process derives", async () => {
    const received = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const observer = createTracingObserver({ version: "0.1.0", host: "host-1" });
    const invocation = { ...sampleInvocation(), releaseId: "release-001293", environment: "production" };
    observer.skillEnded(
      invocation,
      {
        invocationId: invocation.invocationId,
        attempt: 1,
        durationMs: 1_250,
        emits: [{ name: "CommitReady", data: { commit: "1a2b3c4d", tree: "t", branch: "b", changed: true } }],
        artifacts: [],
        end: { status: "Success", summary: "committed" },
      },
      new Date("2025-05-23T10:00:00Z"),
    );
    await observer.close();
    await received;
    const [sent] = bodies;
    expect(sent?.path).toBe("/v1/traces");
    expect(sent?.type).toBe("application/x-protobuf");
    const text = sent?.body.toString("latin1") ?? "";
    for (const word of [
      "code-committer CommitModule",
      "release-001293",
      "commitId",
      "1a2b3c4d",
      "cicd.pipeline.task.name",
    ])
      expect(text).toContain(word);
    const { traceId, spanId } = deliveryIds(invocation);
    expect(traceId).toHaveLength(32);
    expect(sent?.body.includes(Buffer.from(traceId, "hex"))).toBe(true);
    expect(sent?.body.includes(Buffer.from(spanId, "hex"))).toBe(true);
    const own = attemptSpanId(invocation.invocationId, 1);
    expect(sent?.body.includes(Buffer.from(own, "hex"))).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import type { DeliveryEvent } from "../event/event.ts";
import { releasesOf } from "./release-history.ts";

const minute = (n: number) => `2026-01-01T00:${String(n).padStart(2, "0")}:00.000Z`;
let at = 0;

function event(
  name: string,
  data: object = {},
  environment: string | undefined = "production",
): DeliveryEvent {
  at += 1;
  return {
    type: `com.connectsoft.delivery.${name}`,
    time: minute(at),
    tenantid: "acme",
    traceid: "trace-1",
    moduleid: "shop",
    data: { releaseId: "release-000002", version: "1.1.0", ...data },
    ...(environment !== undefined && { environment }),
  } as unknown as DeliveryEvent;
}

const proposed = () => event("ReleaseProposed");
const deployed = () => event("DeploymentCompleted", { durationMs: 7_000, startupTimeMs: 900, attempts: 2 });

describe("a release's history", () => {
  test("says who approved it, as which role and why, and which commit", () => {
    const [release] = releasesOf(
      [
        proposed(),
        event("ApprovalRequested", { digests: { commit: "1a2b3c4" } }),
        event("ApprovalGranted", { by: "jane", role: "ProductOwner", comment: "seen" }),
        event("ApprovalGranted", { by: "max", role: "ReleaseManager", comment: "" }),
        event("ApprovalVoided", { by: "max", code: "DigestMismatch", message: "…" }),
      ],
      "production",
    );
    expect(release).toMatchObject({ commit: "1a2b3c4", state: { word: "needs-approval" } });
    expect(release?.approvals).toEqual([
      { by: "jane", role: "ProductOwner", comment: "seen", at: expect.any(String) },
    ]);
  });

  test("says when its gates let it pass, where nobody had to approve", () => {
    const [release] = releasesOf([proposed(), event("ReleaseApproved", { reasons: [] })], "production");
    expect(release).toMatchObject({ approvals: [], passedAt: release?.at, state: { word: "running" } });
  });

  test("says how long its rollout took, and forgets why it waited before", () => {
    const [release] = releasesOf(
      [
        proposed(),
        event("ReleaseDelayed", { reasons: [{ code: "FreezeActive", message: "frozen" }] }),
        deployed(),
      ],
      "production",
    );
    expect(release).toMatchObject({ state: { word: "live" }, durationMs: 7_000, attempts: 2, reasons: [] });
    expect(release?.deployedAt).toBe(release?.at);
  });

  test("stays rolled back when the deployment is told as failed after it", () => {
    const reasons = [{ code: "Unhealthy", message: "readiness failed" }];
    const [release] = releasesOf(
      [
        proposed(),
        deployed(),
        event("RollbackRequested", { by: "max", code: "errors", comment: "too many" }),
        event("RollbackTriggered", { reasons }),
        event("RollbackCompleted", { restored: "1.0.0" }),
        event("DeploymentFailed", { recoverable: true, reasons }),
      ],
      "production",
    );
    expect(release).toMatchObject({
      state: { word: "rolled-back" },
      rollback: { by: "max", code: "errors", comment: "too many", restored: "1.0.0" },
      reasons,
    });
  });

  test.each([
    ["ReleaseRejected", "rejected"],
    ["ReleaseRevoked", "revoked"],
    ["ReleaseReplaced", "replaced"],
    ["EnvironmentDestroyed", "destroyed"],
    ["RollbackFailed", "failed"],
  ])("after %s it is %s", (name, word) => {
    expect(releasesOf([proposed(), deployed(), event(name)], "production")[0]?.state.word).toBe(word);
  });

  test("ends with its delivery where it was not decided, and not where it serves", () => {
    const superseded = event("DeliverySuperseded", { byTrace: "trace-2" }, undefined);
    expect(releasesOf([proposed(), superseded], "production")[0]?.state.word).toBe("superseded");
    expect(releasesOf([proposed(), deployed(), superseded], "production")[0]?.state.word).toBe("live");
  });

  test("is one environment's alone", () => {
    expect(releasesOf([event("ReleaseProposed", {}, "staging"), deployed()], "production")).toEqual([]);
  });
});

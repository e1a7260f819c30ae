import { expect, test } from "vitest";
import { shownHealth } from "./shown-health.ts";

const probe = (healthy: boolean) => [{ probe: "readiness", healthy }];

test.each([
  [{ state: "serving", restartCount: 0, healthStatus: probe(true) }, "healthy", "success"],
  [{ state: "serving", restartCount: 2, healthStatus: probe(true) }, "restarted", "warning"],
  [{ state: "serving", restartCount: 0, healthStatus: probe(false) }, "unhealthy", "danger"],
  [{ state: "crashed", restartCount: 3, healthStatus: [] }, "crash-loop", "danger"],
  [{ state: "crashed", restartCount: 0, healthStatus: [] }, "failed", "danger"],
  [{ state: "stopped", restartCount: 0, healthStatus: [] }, "stopped", "neutral"],
  [undefined, "unseen", "warning"],
] as const)("%j is told as %s", (measured, word, tone) => {
  expect(shownHealth(measured)).toMatchObject({ word, tone, label: expect.any(String) });
});

/** The target of systemd units behind its supervisor and router: on this host's systemd, or on one in a container. */
import { describe, test } from "vitest";
import { localTargetFixture } from "../../../src/adapters/target/local/local-target-fixture.ts";
import { createSystemdRuntime } from "../../../src/adapters/target/local/runtimes/systemd/systemd-runtime.ts";
import { targetConformance } from "../../../src/ports/target.conformance.ts";
import { runInsideSystemd } from "./inside-systemd.ts";

const missing = await createSystemdRuntime().unavailable();

if (missing === undefined)
  targetConformance("systemd", async () => {
    const fixture = await localTargetFixture();
    return { ...fixture, target: fixture.targets.systemd };
  });
else
  describe("systemd in a container", () => {
    test("keeps what every target promises", async (context) => {
      const result = await runInsideSystemd("test/real/targets/systemd-target.real.ts");
      if ("missing" in result) return context.skip(`${missing}, and ${result.missing}`);
    });
  });

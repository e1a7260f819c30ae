import { expect, test } from "vitest";
import { type Evidence, toResult } from "../gate.ts";
import { licencesGate } from "./licences.ts";
import { scanGate } from "./scan.ts";

const now = "2025-05-23T12:00:00.000Z";
const module = { id: "booking-service" } as Evidence["module"];
const numbers = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(4, "0"));

function scanOf(severity: "medium" | "critical", found: string[]) {
  const findings = found.map((number) => ({
    ...{ id: `GHSA-${number}`, aliases: [`CVE-2025-${number}`], package: `p${number}@1.0.0` },
    ...{ severity, summary: "" },
  }));
  const known = { status: "Known" as const, source: "osv-file", asOf: now, packages: 20, findings };
  const policy = { environment: "production", scan: { maxSeverity: "low" } } as Evidence["policy"];
  const checks = { coverage: [], smoke: [], scans: [], overrides: [], known };
  return toResult(
    scanGate as never,
    scanGate.answer({ policy, checks, module, now, releaseId: "release-000042" }),
  );
}

test.each(["medium", "critical"] as const)("names five %s findings, and lists all of them", (severity) => {
  const { refusal, findings } = scanOf(severity, numbers);
  expect(refusal?.message).toContain("CVE-2025-0005");
  expect(refusal?.message).not.toContain("CVE-2025-0006");
  expect(refusal?.message).toContain("; and 7 more (ReleaseSummary.json lists all 12)");
  expect(findings).toHaveLength(12);
  expect(findings?.[11]).toBe(`CVE-2025-0012 (GHSA-0012), ${severity} in p0012@1.0.0`);
});

test("gives no command that would let only some of them pass", () => {
  expect(scanOf("medium", numbers).refusal?.next).toBe(
    "Mend it, or see all 12 and override them with a reason: studio override-cve release-000042",
  );
});

test("says nothing of a list where all are named", () => {
  const { refusal, findings } = scanOf("medium", numbers.slice(0, 5));
  expect(refusal?.message).not.toContain("more");
  expect(refusal?.next).toContain("--cve CVE-2025-0001 --cve CVE-2025-0002");
  expect(findings).toBeUndefined();
});

test("lists every package whose licence is not taken", () => {
  const components = numbers.map((number) => ({
    ...{ key: number, name: `p${number}`, version: "1.0.0", scope: "required", licences: ["GPL-3.0-only"] },
  }));
  const policy = { environment: "production", licences: { deny: ["GPL-3.0-only"] } } as Evidence["policy"];
  const sbom = { status: "There", by: "the build", digest: "sha256:1", components };
  const supplyChain = { sbom } as unknown as Evidence["supplyChain"];
  const { refusal, findings } = toResult(licencesGate as never, licencesGate.answer({ policy, supplyChain }));
  expect(refusal?.message).toContain("; and 7 more (ReleaseSummary.json lists all 12)");
  expect(findings?.at(-1)).toMatch(/^p0012@1\.0\.0: GPL-3\.0-only \(/);
});

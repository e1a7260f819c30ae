import { expect, test } from "vitest";
import { addSection, joinChangelogs, type Section } from "./changelog.ts";

const section = (version: string, over: Partial<Section> = {}): Section => ({
  decision: { declared: null, previous: "1.0.0", bump: "feature", version, reasons: [] },
  changes: [
    { bump: "breaking", text: "GET /old was removed" },
    { bump: "feature", text: "POST /new was added" },
  ],
  date: "2025-05-23",
  moduleId: "booking-service",
  traceId: "trace-1",
  ...over,
});

const written = `# Changelog

Hand-written,   oddly   spaced.

## [Unreleased]

## [1.0.0] - 2024-01-01
### Added
* the first one

[1.0.0]: https://example.com/1.0.0
`;

function textOf(result: ReturnType<typeof addSection>): string {
  if (result.status === "kept") throw new Error(result.reason);
  return result.text;
}

test("a module without a changelog gets one", () => {
  const first = { declared: null, previous: null, bump: "feature" as const, version: "0.1.0", reasons: [] };
  const text = textOf(addSection(undefined, section("0.1.0", { decision: first })));
  expect(text).toMatch(/^# Changelog\n/);
  expect(text).toContain("## [0.1.0] - 2025-05-23\n\n### Added\n- booking-service (trace-1)\n");
});

test("a hand-written changelog gets one section above the older ones and keeps every byte of its own", () => {
  const text = textOf(addSection(written, section("1.1.0")));
  const added = `## [1.1.0] - 2025-05-23

### Added
- POST /new was added

### Changed
- Update booking-service (trace-1)
- **Breaking:** GET /old was removed

`;
  expect(text).toBe(written.replace("## [1.0.0]", `${added}## [1.0.0]`));
});

test("the same section a second time changes nothing", () => {
  const once = textOf(addSection(written, section("1.1.0")));
  expect(addSection(once, section("1.1.0"))).toMatchObject({
    status: "kept",
    reason: expect.stringContaining("1.1.0"),
  });
});

test("a section for a version that its author wrote is kept", () => {
  expect(addSection(written, section("1.0.0"))).toMatchObject({ status: "kept" });
});

test("a changelog in another form is left alone, and it is said why", () => {
  expect(addSection("History\n=======\n\n* 1.0\n", section("1.1.0"))).toMatchObject({
    status: "kept",
    reason: expect.stringContaining("not in the form of Keep a Changelog"),
  });
});

test("line ends of the file are kept", () => {
  const text = textOf(addSection(written.replaceAll("\n", "\r\n"), section("1.1.0")));
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
});

test("sections of the branch are laid into what was handed over, newest first", () => {
  const branch = textOf(addSection(textOf(addSection(written, section("1.1.0"))), section("1.2.0")));
  const handedOver = written.replace("## [Unreleased]", "## [Unreleased]\n### Added\n- mine");
  const joined = joinChangelogs(branch, handedOver) ?? "";
  expect(joined.match(/^## .*$/gm)).toEqual([
    "## [Unreleased]",
    "## [1.2.0] - 2025-05-23",
    "## [1.1.0] - 2025-05-23",
    "## [1.0.0] - 2024-01-01",
  ]);
  expect(joined).toContain("- mine");
});

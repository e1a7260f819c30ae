import { describe, expect, test } from "vitest";
import { decodeText, largestReportBytes } from "./decode-text.ts";
import { readEvidence } from "./read-evidence.ts";
import { UnreadableReport } from "./unreadable-report.ts";

describe("JUnit", () => {
  const results = (text: string) => {
    const read = readEvidence("junit", text);
    if (read.kind !== "junit") throw new Error("not read as JUnit");
    return read.results;
  };

  test("counts cases and not the totals that a file claims", () => {
    const { numbers, failures } = results(`<?xml version="1.0"?>
      <testsuites tests="99" failures="0"><testsuite name="a" tests="42">
        <testcase classname="Bread" name="rises"/>
        <testcase classname="Bread" name="browns"><failure message="too pale &amp; cold">at line 3</failure></testcase>
        <testsuite name="inner"><testcase name="cools"><skipped/></testcase></testsuite>
        <testcase name="slices"><error message="knife:&#10;&#x45;NOENT"/></testcase>
      </testsuite></testsuites>`);
    expect(numbers).toEqual({ total: 4, passed: 1, failed: 2, skipped: 1 });
    expect(failures).toEqual([
      { name: "Bread browns", message: "too pale & cold" },
      { name: "slices", message: "knife:\nENOENT" },
    ]);
  });

  test("takes a single suite as its root, and an empty one", () => {
    expect(results('<testsuite><testcase name="a"/></testsuite>').numbers.passed).toBe(1);
    expect(results("<testsuites/>").numbers.total).toBe(0);
  });

  test("quotes at most 20 failures, each cut to a length, of any number", () => {
    const failing = `<testcase name="${"n".repeat(5000)}"><failure message="${"&lt;".repeat(3000)}"/></testcase>`;
    const { numbers, failures } = results(`<testsuite>${failing.repeat(50)}</testsuite>`);
    expect(numbers.failed).toBe(50);
    expect(failures).toHaveLength(20);
    expect(failures[0]?.name).toHaveLength(300);
    expect(failures[0]?.message).toBe("<".repeat(1000));
  });

  test("reads a report of twenty thousand cases", () => {
    const cases = Array.from({ length: 20_000 }, (_, n) => `<testcase name="case ${n} &#x41;"/>`);
    expect(results(`<testsuite>${cases.join("\n")}</testsuite>`).numbers.passed).toBe(20_000);
  });
});

describe("coverage", () => {
  const coverage = (kind: "cobertura" | "lcov" | "jacoco", text: string) => {
    const read = readEvidence(kind, text);
    if (!("coverage" in read)) throw new Error("not read as coverage");
    return read.coverage;
  };

  test("Cobertura is counted line by line", () => {
    const text = `<?xml version="1.0" ?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
      <coverage line-rate="1.0" lines-covered="9" lines-valid="9"><packages><package><classes><class filename="a.py">
      <lines><line number="1" hits="1"/><line number="2" hits="0"/><line number="3" hits="7"/></lines>
      </class></classes></package></packages></coverage>`;
    expect(coverage("cobertura", text)).toEqual({
      format: "cobertura",
      lines: { covered: 2, total: 3 },
      percent: 66.6,
    });
  });

  test("Cobertura without lines is taken by its totals", () => {
    expect(coverage("cobertura", '<coverage lines-covered="3" lines-valid="4"/>').percent).toBe(75);
  });

  test("LCOV lines that one of several runs reached are covered", () => {
    const text = "SF:a.js\nDA:1,1\nDA:2,0\nend_of_record\nSF:a.js\nDA:1,0\nDA:2,3\nDA:3,0\nend_of_record\n";
    expect(coverage("lcov", text).lines).toEqual({ covered: 2, total: 3 });
  });

  test("JaCoCo is read from the counter of the whole report", () => {
    const text = `<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="a">
      <package name="p"><counter type="LINE" missed="9" covered="1"/></package>
      <counter type="INSTRUCTION" missed="5" covered="5"/><counter type="LINE" missed="1" covered="4"/></report>`;
    expect(coverage("jacoco", text)).toMatchObject({ lines: { covered: 4, total: 5 }, percent: 80 });
  });

  test("a share is rounded down, so that it never reaches a threshold that it missed", () => {
    expect(coverage("cobertura", '<coverage lines-covered="7999" lines-valid="10000"/>').percent).toBe(79.9);
  });
});

test("SARIF is counted by the rule's score, else by level; suppressed results are none", () => {
  const driver = { name: "Semgrep", rules: [{ id: "sqli", properties: { "security-severity": "9.8" } }] };
  const at = [{ physicalLocation: { artifactLocation: { uri: "src/db.js" } } }];
  const results = [
    { ruleId: "sqli", level: "warning", message: { text: "injection" }, locations: at },
    { ruleId: "x", message: { text: "no level means warning" } },
    { ruleId: "y", level: "note", message: {} },
    { ruleId: "z", level: "error", message: {}, suppressions: [{ kind: "inSource" }] },
    { ruleId: "p", kind: "pass", message: {} },
  ];
  const text = JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver }, results }] });
  expect(readEvidence("sarif", text)).toMatchObject({
    scan: {
      tools: ["Semgrep"],
      findings: { critical: 1, high: 0, medium: 1, low: 1, unknown: 0 },
      first: [{ rule: "sqli", severity: "critical", message: "injection", place: "src/db.js" }, {}, {}],
    },
  });
});

test("a CycloneDX document that does not speak of vulnerabilities has no number of them", () => {
  const components = [
    { name: "a", licenses: [{ license: { id: "MIT" } }] },
    { name: "b", licenses: [{ expression: "MIT OR Apache-2.0" }] },
    { name: "c" },
  ];
  const text = JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components });
  expect(readEvidence("cyclonedx", text)).toEqual({
    kind: "cyclonedx",
    sbom: { specVersion: "1.6", components: 3, licences: { MIT: 1, "MIT OR Apache-2.0": 1, none: 1 } },
  });
});

describe("what cannot be read is said and does no harm", () => {
  const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
  const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">${levels.join("")}]><testsuite><testcase name="&l9;"/></testsuite>`;
  const thief = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>`;

  test.each([
    ["a bomb of entities", bomb, "entities of its own"],
    ["an entity that reads a file", thief, "entities of its own"],
    ["half a file", "<testsuite><testcase name='a'>", "no XML"],
    ["another root", "<html><testsuites-like/></html>", "no element|neither"],
    ["nothing", "", "neither"],
    ["a depth without end", `<testsuite>${"<testsuite>".repeat(5000)}`, "no XML"],
    ["a closed depth without end", `${"<testsuite>".repeat(5000)}${"</testsuite>".repeat(5000)}`, "no XML"],
  ])("%s", (_what, text, message) => {
    expect(() => readEvidence("junit", text)).toThrow(UnreadableReport);
    expect(() => readEvidence("junit", text)).toThrow(new RegExp(message));
  });

  test.each([
    ["cobertura", '<coverage lines-covered="5" lines-valid="4"/>', "5 of 4"],
    ["cobertura", "<coverage/>", "no lines"],
    ["lcov", "not lcov at all", "not LCOV"],
    ["jacoco", "<report/>", "no counter"],
    ["sarif", '{"version":"1.0.0","runs":[]}', "version"],
    ["cyclonedx", '{"bomFormat":"SPDX"}', "bomFormat"],
    ["cyclonedx", "{", "no JSON"],
  ] as const)("%s: %s", (kind, text, message) => {
    expect(() => readEvidence(kind, text)).toThrow(message);
  });
});

describe("decodeText", () => {
  test.each([
    ["UTF-8 with a mark", Buffer.from('\uFEFF<a n="ü"/>')],
    ["UTF-16", Buffer.from('\uFEFF<a n="ü"/>', "utf16le")],
    [
      "Latin 1 by declaration",
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a n="ü"/>', "latin1"),
    ],
  ])("takes %s", (_what, bytes) => {
    expect(decodeText(bytes)).toContain('<a n="ü"/>');
  });

  test.each([
    ["bytes that are no UTF-8", Buffer.from([0x3c, 0xff, 0x3e]), "utf-8"],
    ["an encoding that nobody knows", Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>'), "klingon"],
    ["more than is read", new Uint8Array(largestReportBytes + 1), "at most"],
  ])("refuses %s", (_what, bytes, message) => {
    expect(() => decodeText(bytes)).toThrow(message);
  });
});

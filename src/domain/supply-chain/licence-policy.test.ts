import { expect, test } from "vitest";
import type { LicencePolicy } from "../tenant/gate-policy.ts";
import { deniedLicences } from "./licence-policy.ts";

function denied(expression: string | string[], policy: LicencePolicy) {
  return deniedLicences([{ name: "left-pad", version: "1.3.0", licences: [expression].flat() }], policy)[0]
    ?.why;
}

const permissive = { allow: ["MIT", "Apache-2.0", "BSD-3-Clause"] };

test.each([
  ["MIT", permissive],
  ["MIT OR GPL-3.0-only", permissive],
  ["(MIT OR GPL-3.0-only) AND Apache-2.0", permissive],
  ["MIT OR GPL-3.0-only", { deny: ["GPL-3.0-only"] }],
  ["LGPL-2.1-only", { deny: ["GPL-2.0-only"] }],
  ["GPL-2.0-only WITH Classpath-exception-2.0", { deny: ["GPL-2.0-only"] }],
  ["unknown", { deny: ["GPL-2.0-only"] }],
  ["unknown", { ...permissive, undeclared: "allow" as const }],
  ["LicenseRef-acme", { allow: ["LicenseRef-acme"] }],
  ["GPL-2.0-or-later", { allow: ["GPL-3.0-only"] }],
])("%s passes %o", (expression, policy) => {
  expect(denied(expression, policy)).toBeUndefined();
});

test.each([
  ["GPL-3.0-only", permissive, "GPL-3.0-only is not among those allowed"],
  ["MIT AND GPL-3.0-only", permissive, "GPL-3.0-only is not among those allowed"],
  ["GPL-3.0-or-later", { deny: ["GPL-3.0-only"] }, "GPL-3.0-or-later is denied"],
  ["GPL-3.0+", { deny: ["GPL-3.0-or-later"] }, "GPL-3.0+ is denied"],
  ["MIT", { allow: ["MIT"], deny: ["MIT"] }, "MIT is denied"],
  ["unknown", permissive, "it states no licence"],
  ["SEE LICENSE IN LICENSE.md", permissive, "this is no SPDX expression"],
  ["unknown", { undeclared: "deny" as const }, "it states no licence"],
])("%s does not pass %o", (expression, policy, why) => {
  expect(denied(expression, policy)).toContain(why);
});

test("several licences of one package hold together", () => {
  expect(denied(["MIT", "GPL-3.0-only"], permissive)).toContain("GPL-3.0-only");
  expect(denied(["MIT", "Apache-2.0"], permissive)).toBeUndefined();
});

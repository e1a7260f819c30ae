import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { expect, test } from "vitest";
import { secretScannerConformance } from "../../../ports/secret-scanner.conformance.ts";
import { anchorTest } from "./anchors.ts";
import { createSecretlintScanner } from "./create-secretlint-scanner.ts";
import { isExample } from "./is-example.ts";

secretScannerConformance("secretlint", createSecretlintScanner);

test("every rule of the preset has an anchor, so that the short way is taken", () => {
  const test = anchorTest(rules.map((rule) => rule.meta.id));
  expect(test("nothing of interest")).toBe(false);
});

test("a rule that is not known reads every text", () => {
  expect(anchorTest(["@secretlint/secretlint-rule-new"])("nothing of interest")).toBe(true);
});

test.each([
  "example.com",
  "db.example.org:5432",
  "localhost/x",
  "127.0.0.1:80",
  "[::1]",
  "api.test",
  "HOST.example",
])("a password for %s is an example", (host) =>
  expect(isExample(`postgres://me:${"pass"}@${host}`)).toBe(true),
);

test.each(["example.com.evil.io", "db", "notexample.com", "127.0.0.1.io", "mytest"])(
  "a password for %s may be real",
  (host) => expect(isExample(`https://me:${"pass"}@${host}/localhost`)).toBe(false),
);

test("our own program holds no secret", async () => {
  const root = path.resolve(import.meta.dirname, "../../../..");
  const paths = globSync("{src,bin,scripts,flows,examples,docs,migrations}/**", { cwd: root });
  const files = paths
    .filter(
      (file) =>
        !/node_modules|\.(test|conformance)\.ts$/.test(file) && statSync(path.join(root, file)).isFile(),
    )
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), "utf8") }));
  expect(await createSecretlintScanner().scan(files)).toEqual([]);
});

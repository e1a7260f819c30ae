import { expect, test } from "vitest";
import { ownersOf, parseCodeowners } from "./codeowners.ts";

/** The examples of GitHub's own page on code owners, in its order. */
const published = parseCodeowners(`
# each line is a file pattern followed by one or more owners
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs-direct@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @logs-owner
/apps/ @octocat
/apps/github
`);

test.each([
  ["README.md", ["@global-owner1", "@global-owner2"]],
  ["src/deep/main.js", ["@js-owner"]],
  ["cmd/main.go", ["docs@example.com"]],
  ["notes.txt", ["@octo-org/octocats"]],
  ["build/logs/today/x", ["@logs-owner"]],
  ["docs/getting-started.md", ["@doctocat"]],
  ["docs/build-app/troubleshooting.md", ["@doctocat"]],
  ["scripts/run", ["@doctocat", "@octocat"]],
  ["deeply/nested/logs/x", ["@logs-owner"]],
  ["apps/main.js", ["@octocat"]],
  ["other/apps/main", ["@octocat"]],
  ["apps/github", []],
  ["apps/github/x", []],
])("%s is owned by %j", (path, owners) => {
  expect(ownersOf(published, path)).toEqual(owners);
});

test("a folder's star means what lies directly in it", () => {
  const rules = parseCodeowners("docs/* @direct\n");
  expect(ownersOf(rules, "docs/a.md")).toEqual(["@direct"]);
  expect(ownersOf(rules, "docs/b/a.md")).toEqual([]);
  expect(ownersOf(rules, "x/docs/a.md")).toEqual([]);
});

test("spaces are escaped, and what is not understood is passed over", () => {
  const rules = parseCodeowners("/my\\ docs/ @a\n!x @b\n[ab].js @c\n*.md nobody\n*.md @d\n");
  expect(ownersOf(rules, "my docs/x")).toEqual(["@a"]);
  expect(ownersOf(rules, "a.js")).toEqual([]);
  expect(ownersOf(rules, "x.md")).toEqual(["@d"]);
  expect(rules).toHaveLength(2);
});

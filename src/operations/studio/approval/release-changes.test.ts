import { expect, test } from "vitest";
import { patchesOf } from "./release-changes.ts";

const text = `diff --git a/src/app.js b/src/app.js
index 1..2 100644
--- a/src/app.js
+++ b/src/app.js
@@ -1 +1 @@
-one
+diff --git a/no b/no
diff --git a/old.txt b/old.txt
deleted file mode 100644
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
`;

test("a patch is told file by file, also of a file that is gone and of text that looks like a head", () => {
  const patches = patchesOf(text, false);
  expect([...patches.keys()]).toEqual(["src/app.js", "old.txt"]);
  expect(patches.get("src/app.js")).toContain("+diff --git a/no b/no");
  expect(patches.get("old.txt")).toContain("-gone");
});

test("the file at which a patch was cut off is left out", () => {
  expect([...patchesOf(text, true).keys()]).toEqual(["src/app.js"]);
});

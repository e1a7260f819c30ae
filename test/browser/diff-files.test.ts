import { describe, expect, test } from "vitest";
import { filesOfPatch, filesOfTexts } from "../../studio/ui/code/diff-files.ts";

const patch = `diff --git a/src/old.js b/src/new.js
similarity index 80%
rename from src/old.js
rename to src/new.js
--- a/src/old.js
+++ b/src/new.js
@@ -1,3 +1,3 @@
 one
-two
+2
 three
diff --git a/made.txt b/made.txt
new file mode 100644
--- /dev/null
+++ b/made.txt
@@ -0,0 +1 @@
+made
\\ No newline at end of file
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
`;

describe("a patch of git", () => {
  test("is told file by file: renamed, added, removed and not text", () => {
    expect(
      filesOfPatch(patch).map(({ name, from, change, binary, added, removed }) => ({
        name,
        from,
        change,
        binary,
        added,
        removed,
      })),
    ).toEqual([
      { name: "src/new.js", from: "src/old.js", change: "renamed", binary: false, added: 1, removed: 1 },
      { name: "made.txt", from: undefined, change: "added", binary: false, added: 1, removed: 0 },
      { name: "gone.txt", from: undefined, change: "removed", binary: false, added: 0, removed: 1 },
      { name: "logo.png", from: undefined, change: "changed", binary: true, added: 0, removed: 0 },
    ]);
  });

  test("numbers each line as it was and as it is, and shows no line that is none", () => {
    expect(filesOfPatch(patch)[0]?.hunks[0]?.rows).toEqual([
      { kind: "same", text: "one", before: 1, after: 1 },
      { kind: "removed", text: "two", before: 2 },
      { kind: "added", text: "2", after: 2 },
      { kind: "same", text: "three", before: 3, after: 3 },
    ]);
    expect(filesOfPatch(patch)[1]?.hunks[0]?.rows).toEqual([{ kind: "added", text: "made", after: 1 }]);
  });
});

describe("two texts", () => {
  test("that are the same differ in nothing", () => {
    expect(filesOfTexts("a.yaml", "a: 1\n", "a: 1\n")).toEqual([]);
  });

  test("are told apart with the lines around what changed", () => {
    const before = Array.from({ length: 40 }, (_, line) => `line ${line + 1}`).join("\n");
    const [file] = filesOfTexts("a.txt", before, before.replace("line 20\n", "line twenty\n"));
    expect(file).toMatchObject({ added: 1, removed: 1, change: "changed" });
    expect(file?.hunks.map(({ rows }) => rows.length)).toEqual([8]);
    expect(file?.hunks[0]?.rows[3]).toEqual({ kind: "removed", text: "line 20", before: 20 });
  });
});

/** The reference page is held to the language that it describes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allowedKeys } from "../../src/domain/flow/flow-schema.ts";
import { guards } from "../../src/domain/flow/guards.ts";
import { done, drive, event, flowOf } from "./drive.ts";

const page = readFileSync(new URL("../../docs/reference/flow-files.md", import.meta.url), "utf8");
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

test("the example of the reference page runs", () => {
  const run = drive(flowOf(example));
  run.send(event("HotfixApproved"), done("committing"));
  run.send(event("ArtifactWritten", { name: "PipelineSnapshot.yaml" }));
  expect(run.active()).toEqual(["promoting"]);
  run.send(event("DeploymentCompleted", {}, "dev"), event("DeploymentCompleted", {}, "production"));
  expect(run.snapshot).toEqual({ value: "release_published", status: "done" });
});

test("the reference page names every key and every guard", () => {
  const words = [...new Set(Object.values(allowedKeys).flat()), ...Object.keys(guards)];
  expect(words.filter((word) => !page.includes(word))).toEqual([]);
});

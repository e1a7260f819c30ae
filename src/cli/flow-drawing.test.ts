import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { manifests } from "../../test/flows/manifests.ts";
import { parseFlow } from "../domain/flow/parse-flow.ts";
import { type DrawingOptions, drawFlow } from "./flow-drawing.ts";

function draw(text: string, options?: DrawingOptions): string {
  const parsed = parseFlow(text, "f.yaml", manifests);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return drawFlow(parsed.flow, options);
}

const delivery = readFileSync(new URL("../../flows/delivery.yaml", import.meta.url), "utf8");

const small = `flow: small
version: 2
states:
  both:
    description: Code and infrastructure at once.
    type: parallel
    states:
      code:
        states:
          committing: { invoke: { agent: code-committer, retry: { limit: 2, backoff: 1s } }, onDone: ended, onError: lost }
          ended: { type: final }
      lamp: { type: final }
    onDone: live
  lost: { on: { RetryDelayed: both, StudioCommitRequest: both } }
  live: { type: final, emit: ReleasePublished }
`;

test("draws the tree of states, and under each what leads where", () => {
  expect(draw(small)).toBe(`small  version 2
▷ begins   ○ state   ◎ end   ═ all at once

═ both
║   Code and infrastructure at once.
║   all done → live
║ ○ code
║ │ ▷ committing  code-committer CommitModule  retries 2, from 1s
║ │     done → ended
║ │     failed → lost
║ │ ◎ ended
║ ◎ lamp
○ lost
    RetryDelayed, StudioCommitRequest → both
◎ live  states ReleasePublished
`);
});

test("marks the active states and those around them", () => {
  const lines = draw(small, { active: ["both.code.committing"] }).split("\n");
  expect(lines.filter((line) => line.includes("●"))).toEqual([
    "▷ begins   ○ state   ◎ end   ═ all at once   ● now",
    "● both",
    "║ ● code",
    "║ │ ● committing  code-committer CommitModule  retries 2, from 1s",
  ]);
});

test("colour changes nothing but the colour", () => {
  const options = { active: ["building"], width: 80 };
  const coloured = draw(delivery, { ...options, color: true });
  expect(coloured).not.toBe(draw(delivery, options));
  expect(stripVTControlCharacters(coloured)).toBe(draw(delivery, options));
});

test.each([60, 80, 120])("wraps what is longer than %d columns", (width) => {
  const lines = draw(delivery, { width }).split("\n");
  expect(lines.filter((line) => line.length > width)).toEqual([]);
});

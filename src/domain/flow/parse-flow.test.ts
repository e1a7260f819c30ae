import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { manifests } from "../../../test/flows/manifests.ts";
import { describeProblem } from "./flow-problem.ts";
import { loadFlow } from "./load-flow.ts";
import { parseFlow } from "./parse-flow.ts";

function problemsOf(text: string): string[] {
  const parsed = parseFlow(text, "f.yaml", manifests);
  return "problems" in parsed ? parsed.problems.map(describeProblem) : [];
}

const waiting = "{ on: { ModuleReady: b } }";

test.each(["delivery", "environment"])("the built-in flow %s is read without a problem", (name) => {
  const file = `flows/${name}.yaml`;
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
  const parsed = parseFlow(text, file, manifests);
  expect(parsed).not.toHaveProperty("problems");
  expect(parsed).toHaveProperty("flow.name", name);
});

const refusals: [title: string, text: string, problem: string][] = [
  ["an empty file", "", "f.yaml:1:1 the file is empty; a flow needs at least `states:`"],
  ["a file of comments", "# nothing yet\n", "f.yaml:1:1 the file is empty; a flow needs at least `states:`"],
  ["a file larger than 256 KiB", `# ${"x".repeat(256 * 1024)}`, "f.yaml:1:1 the file is larger than 256 KiB"],
  ["text that is not YAML", "states: {a: [", "f.yaml:1:14 not the YAML of a flow:"],
  ["deep nesting", "[".repeat(100_000), "not the YAML of a flow: it is nested too deeply"],
  ["a tag that YAML does not know", "states: !!js/function x", "f.yaml:1:9 not the YAML of a flow:"],
  [
    "two documents",
    "states: {}\n---\nstates: {}\n",
    "f.yaml:2:1 not the YAML of a flow: more than one document",
  ],
  [
    "duplicate keys",
    "states:\n  a: {}\n  a: {}\n",
    "f.yaml:3:3 not the YAML of a flow: a key stands twice in one mapping",
  ],
  ["a list instead of a mapping", "- a\n", "f.yaml:1:1 the file: expected a mapping, found a list"],
  ["a file without states", "flow: x\n", 'f.yaml:1:1 "states" is missing'],
  ["no states at all", "states: {}\n", 'f.yaml:1:1 "the flow" needs states'],
  ["a key named __proto__", "states:\n  __proto__: {}\n", 'f.yaml:2:3 "__proto__" cannot be a key'],
  ["a state without content", "states:\n  a:\n", "f.yaml:2:5 a: expected a mapping, found nothing"],
  [
    "an unknown key of the flow",
    "sates: {}\nstates: { a: { type: final } }\n",
    'f.yaml:1:1 unknown key "sates"; expected flow, name,',
  ],
  [
    "an unknown key of a state",
    "states:\n  a:\n    onn: { ModuleReady: a }\n",
    'f.yaml:3:5 unknown key "onn"; expected',
  ],
  [
    "an unknown key of a transition",
    "states:\n  a:\n    on:\n      ModuleReady: { target: a, gard: recoverable }\n",
    'f.yaml:4:33 unknown key "gard"',
  ],
  [
    "an unknown key of an invocation",
    "states:\n  a:\n    invoke: { agent: code-committer, skil: X }\n",
    'f.yaml:3:38 unknown key "skil"',
  ],
  [
    "an unknown event",
    "states:\n  a:\n    on:\n      ModuleRedy: b\n  b: { type: final }\n",
    'f.yaml:4:7 unknown event "ModuleRedy" (did you mean ModuleReady?)',
  ],
  [
    "memory without quotes",
    "states:\n  a:\n    on:\n      memory: X.yaml\n",
    'f.yaml:4:7 unknown event "memory" (did you mean "memory: X.yaml": <state>?)',
  ],
  [
    "an unknown emitted event",
    "states:\n  a: { type: final, emit: ReleasePublish }\n",
    'f.yaml:2:27 unknown event "ReleasePublish" (did you mean ReleasePublished?)',
  ],
  [
    "an unknown guard",
    "states:\n  a: { on: { ModuleReady: { target: b, guard: recoverble } } }\n  b: { type: final }\n",
    'f.yaml:2:47 unknown guard "recoverble" (did you mean recoverable?)',
  ],
  [
    "an unknown agent",
    "states:\n  a: { invoke: { agent: code-comitter } }\n",
    'f.yaml:2:25 unknown agent "code-comitter" (did you mean code-committer?)',
  ],
  [
    "an unknown skill",
    "states:\n  a: { invoke: { agent: release-manager, skill: EvaluateReleases } }\n",
    'f.yaml:2:49 unknown skill "EvaluateReleases" of release-manager; it has EvaluateRelease, ProposeRelease (did you mean EvaluateRelease?)',
  ],
  [
    "an invocation of nothing",
    "states:\n  a: { invoke: { skill: X } }\n",
    "f.yaml:2:8 invoke names either an agent or a flow",
  ],
  [
    "a retry of a flow",
    "states:\n  a: { invoke: { flow: x, retry: { limit: 1 } }, onDone: b }\n  b: { type: final }\n",
    "f.yaml:2:27 retry: belongs to an agent, not to a flow",
  ],
  [
    "a wrong type of state",
    "states:\n  a: { type: finall }\n",
    'f.yaml:2:14 type: expected parallel or final, found the text "finall" (did you mean final?)',
  ],
  [
    "a number as a target",
    "states:\n  a: { on: { ModuleReady: 5 } }\n",
    "f.yaml:2:27 ModuleReady: expected the name of a state, {target: ...}, or a list of these, found the number 5",
  ],
  [
    "a number in a list of targets",
    "states:\n  a: { on: { ModuleReady: [5] } }\n",
    "f.yaml:2:28 0: expected the name of a state",
  ],
  [
    "text as a number",
    "states:\n  a: { invoke: { agent: code-committer, retry: { limit: three } } }\n",
    'f.yaml:2:57 limit: expected a whole number, found the text "three"',
  ],
  [
    "a duration without unit",
    'states:\n  a: { after: { "10": b } }\n  b: { type: final }\n',
    'f.yaml:2:17 "10" is no duration; expected such as 250ms, 10s, 5m, 2h, or until (did you mean 10ms?)',
  ],
  [
    "a duration in words",
    'states:\n  a: { after: { "5 minutes": b } }\n  b: { type: final }\n',
    'f.yaml:2:17 "5 minutes" is no duration; expected such as 250ms, 10s, 5m, 2h, or until (did you mean 5m?)',
  ],
  [
    "a wrong backoff",
    "states:\n  a: { invoke: { agent: code-committer, retry: { limit: 1, backoff: soon } } }\n",
    'f.yaml:2:69 "soon" is no duration',
  ],
  ["a wrong name of a state", "states:\n  a.b: { type: final }\n", 'f.yaml:2:3 "a.b" is no name of a state'],
  [
    "an undeclared target",
    `states:\n  waiting: { on: { ModuleReady: deploing } }\n  deploying: { on: { ModuleReady: waiting } }\n`,
    'f.yaml:2:33 there is no state "deploing", nor an event that would name a final one (did you mean deploying?)',
  ],
  [
    "an unknown initial state",
    `initial: bb\nstates:\n  a: ${waiting}\n  b: { type: final }\n`,
    'f.yaml:1:10 initial: there is no state "bb" here',
  ],
  [
    "a parallel state with an initial one",
    "states:\n  p:\n    type: parallel\n    initial: r\n    states: { r: { type: final } }\n",
    'f.yaml:4:5 "p" is parallel: all its states are entered, none is initial',
  ],
  [
    "an initial state inside nothing",
    `states:\n  a: { initial: x, on: { ModuleReady: b } }\n  b: { type: final }\n`,
    'f.yaml:2:8 "a" has no states inside',
  ],
  [
    "an unreachable state",
    `states:\n  a: ${waiting}\n  b: { type: final }\n  c: { on: { ModuleReady: a } }\n`,
    'f.yaml:4:3 "c" is unreachable: no transition leads here',
  ],
  [
    "a state without exit",
    `states:\n  a: ${waiting}\n  b: {}\n`,
    'f.yaml:3:3 "b" is a state without exit: it has no transition (did you mean type: final?)',
  ],
  [
    "a state that only a time may end",
    `states:\n  a: { on: { ReleaseDelayed: b } }\n  b: { after: { until: a } }\n`,
    'f.yaml:3:3 "b" is a state without exit: "until" sets no timer where an event names no time',
  ],
  [
    "an end inside a state that nothing follows",
    "states:\n  a: { states: { b: { on: { ModuleReady: c } }, c: { type: final } } }\n",
    'f.yaml:2:49 "c" ends its part of the flow for good',
  ],
  [
    "a final state with transitions",
    "states:\n  a: { type: final, on: { ModuleReady: a } }\n",
    'f.yaml:2:21 "a" is final and has no transitions',
  ],
  [
    "a state that leads to itself",
    "states:\n  a: { on: { ModuleReady: a } }\n",
    'f.yaml:2:27 "a" leads to itself and would stay as it is; to enter it again, say so (did you mean {target: a, reenter: true}?)',
  ],
  [
    "a transition that is never taken",
    `states:\n  a: { on: { ModuleReady: [b, { guard: recoverable, target: c }] } }\n  b: { type: final }\n  c: { type: final }\n`,
    "f.yaml:2:61 never taken: a transition before it on ModuleReady has no condition",
  ],
  [
    "a circle that waits for nothing",
    "states:\n  a: { always: b }\n  b: { always: a }\n",
    'f.yaml:2:3 a circle that waits for nothing: "a" -> "b" -> "a"',
  ],
  [
    "an onDone that cannot happen",
    `states:\n  a: { states: { b: { on: { ModuleReady: d } } }, onDone: d }\n  d: { type: final }\n`,
    'f.yaml:2:3 onDone of "a" is never taken',
  ],
  [
    "an onDone of a state that does nothing",
    `states:\n  a: { onDone: b, on: { ModuleReady: b } }\n  b: { type: final }\n`,
    "f.yaml:2:8 onDone needs an invocation, or states inside that end",
  ],
  [
    "an invocation around states",
    "states:\n  a: { invoke: { agent: code-committer }, states: { b: { type: final } } }\n",
    'f.yaml:2:8 "a" has states inside; let one of them invoke the agent',
  ],
  [
    "onDone in two places",
    `states:\n  a: { invoke: { agent: code-committer, onDone: b }, onDone: b }\n  b: { type: final }\n`,
    "f.yaml:2:54 onDone stands beside invoke and inside it; keep one",
  ],
  [
    "memory on another event",
    `states:\n  a: { on: { ModuleReady: { target: b, memory: X.yaml } } }\n  b: { type: final }\n`,
    "f.yaml:2:40 memory: names the artifact of an ArtifactWritten event",
  ],
  [
    "an agent whose end leads back",
    "states:\n  pipeline_ready: { invoke: { agent: devops-engineer } }\n",
    'f.yaml:2:3 "pipeline_ready" needs an onDone: devops-engineer ends with PipelineReady, which would lead back here',
  ],
  [
    "a failure that has nowhere to rest",
    "states:\n  agent_failed: { invoke: { agent: code-committer } }\n",
    'f.yaml:2:3 "agent_failed" needs an onError',
  ],
  [
    "two names that differ",
    `flow: x\nname: y\nstates: { a: { type: final } }\n`,
    "f.yaml:2:1 name and flow are the same thing and differ",
  ],
  ["a merge key", "states:\n  a: &a { type: final }\n  b: { <<: *a }\n", 'f.yaml:3:8 unknown key "<<"'],
];

test.each(refusals)("refuses %s, with its place", (_title, text, problem) => {
  expect(problemsOf(text)[0]).toContain(problem);
});

test("refuses an alias bomb without expanding it", () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) =>
      `l${n}: &l${n} [${
        n === 0
          ? "x"
          : Array(9)
              .fill(`*l${n - 1}`)
              .join(", ")
      }]`,
  );
  expect(problemsOf(levels.join("\n"))).toEqual([
    "f.yaml:1:1 too many aliases, or aliases within aliases: at most 50 are expanded",
  ]);
});

test("refuses an alias that contains itself", () => {
  expect(problemsOf("states: &s\n  a:\n    states: *s\n")[0]).toMatch(/^f\.yaml:\d+:\d+ /);
});

test("takes an alias that repeats a retry policy", () => {
  const text = `states:
  a: { invoke: { agent: code-committer, retry: &r { limit: 2, backoff: 1s } }, onDone: b, onError: c }
  b: { invoke: { agent: pull-request-creator, retry: *r }, onDone: d, onError: c }
  c: { on: { RetryDelayed: a } }
  d: { type: final }
`;
  expect(problemsOf(text)).toEqual([]);
});

test("refuses more than 500 states", () => {
  const chain = Array.from({ length: 501 }, (_, n) => `  a${n}: { on: { ModuleReady: a${n + 1} } }`);
  expect(problemsOf(`states:\n${chain.join("\n")}\n`)[0]).toContain(
    "501 states, where a flow has at most 500",
  );
});

test("names the flow after its file where it has no name", () => {
  const parsed = parseFlow("states: { a: { type: final } }", "some/where/my-flow.v2.yaml", manifests);
  expect(parsed).toMatchObject({
    problems: [{ message: expect.stringContaining('"my-flow.v2" is no name') }],
  });
  expect(parseFlow("states: { a: { type: final } }", "C:\\flows\\mine.yaml", manifests)).toHaveProperty(
    "flow.name",
    "mine",
  );
});

test("reports every problem of a file, in the order of its lines", () => {
  const text = `states:
  a: { invoke: { agent: nobody }, onDone: b }
  b: { type: final, always: a }
`;
  expect(problemsOf(text)).toEqual([
    'f.yaml:2:25 unknown agent "nobody"',
    'f.yaml:3:21 "b" is final and has no transitions; remove always or type: final',
  ]);
});

test("loading a wrong file is refused with FlowInvalid, one problem a line, and the way on", () => {
  const load = () => loadFlow("states:\n  a: { on: { X: a } }\n", "my.yaml", manifests);
  expect(load).toThrow(
    /^FlowInvalid: my\.yaml is not a flow that can run:\nmy\.yaml:2:14 unknown event "X"$/,
  );
});

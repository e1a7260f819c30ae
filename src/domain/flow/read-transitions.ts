/** The transitions of one state, as the file writes them; their targets are still the file's words. */
import { type EventName, isEventName } from "../event/event-catalogue.ts";
import { parseDuration } from "./duration.ts";
import type { TransitionDefinition, Trigger } from "./flow-definition.ts";
import type { Position, Report } from "./flow-problem.ts";
import type { StateFile, TransitionsFile } from "./flow-schema.ts";
import { parseGuard } from "./guards.ts";
import type { YamlPath, YamlSource } from "./read-yaml.ts";

export interface Reading {
  source: YamlSource;
  report: Report;
}

export function readTransitions(file: StateFile, path: YamlPath, reading: Reading): TransitionDefinition[] {
  const read: TransitionDefinition[] = [];
  const add = (trigger: Trigger, value: TransitionsFile | undefined, at: YamlPath) => {
    if (value !== undefined)
      read.push(...readTrigger(trigger, value, { ...reading, path: [...path, ...at] }));
  };
  for (const [key, value] of Object.entries(file.on ?? {})) add(eventTrigger(key), value, ["on", key]);
  for (const [key, value] of Object.entries(file.after ?? {})) add(timeTrigger(key), value, ["after", key]);
  const ended: Trigger = file.invoke === undefined ? { kind: "completed" } : { kind: "done" };
  add(ended, file.onDone, ["onDone"]);
  add({ kind: "failed" }, file.onError, ["onError"]);
  if (file.onDone === undefined) add({ kind: "done" }, file.invoke?.onDone, ["invoke", "onDone"]);
  if (file.onError === undefined) add({ kind: "failed" }, file.invoke?.onError, ["invoke", "onError"]);
  add({ kind: "always" }, file.always, ["always"]);
  reportNeverTaken(read, reading.report);
  return read;
}

/** What two transitions have in common that compete for one input. */
function triggerKey(trigger: Trigger): string {
  if (trigger.kind === "event") return trigger.name;
  return trigger.kind === "after" ? `after ${trigger.delayMs}` : trigger.kind;
}

function eventTrigger(key: string): Trigger {
  const memory = /^memory: ?(.+)$/.exec(key)?.[1];
  if (memory !== undefined) return { kind: "event", name: "ArtifactWritten", artifact: memory };
  return { kind: "event", name: known(key) };
}

function known(key: string): EventName {
  if (!isEventName(key)) throw new TypeError(`the schema let "${key}" through, which is no event`);
  return key;
}

function timeTrigger(key: string): Trigger {
  const delayMs = parseDuration(key);
  return delayMs === undefined ? { kind: "until" } : { kind: "after", delayMs };
}

function readTrigger(
  trigger: Trigger,
  value: TransitionsFile,
  reading: Reading & { path: YamlPath },
): TransitionDefinition[] {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item, index) => {
    const path = Array.isArray(value) ? [...reading.path, index] : reading.path;
    if (typeof item === "string") return transition(trigger, item, reading.source.valueAt(path));
    const guard = item.guard === undefined ? undefined : parseGuard(item.guard);
    const read = transition(trigger, item.target, reading.source.valueAt([...path, "target"]));
    return {
      ...read,
      trigger: withMemory(trigger, item.memory, reading, [...path, "memory"]),
      reenter: item.reenter ?? false,
      ...(guard === undefined ? {} : { guard }),
    };
  });
}

function transition(trigger: Trigger, target: string, position: Position): TransitionDefinition {
  return { trigger, target, reenter: false, implicit: false, position };
}

function withMemory(trigger: Trigger, memory: string | undefined, reading: Reading, path: YamlPath): Trigger {
  if (memory === undefined) return trigger;
  if (trigger.kind !== "event" || trigger.name !== "ArtifactWritten" || trigger.artifact !== undefined) {
    reading.report(
      reading.source.keyAt(path),
      "memory: names the artifact of an ArtifactWritten event and stands nowhere else",
    );
    return trigger;
  }
  return { ...trigger, artifact: memory };
}

function reportNeverTaken(transitions: TransitionDefinition[], report: Report): void {
  const decided = new Set<string>();
  for (const { trigger, guard, position } of transitions) {
    const key = triggerKey(trigger);
    if (decided.has(key)) {
      report(position, `never taken: a transition before it on ${key} has no condition; put this one first`);
    }
    const conditional = guard !== undefined || (trigger.kind === "event" && trigger.artifact !== undefined);
    if (!conditional) decided.add(key);
  }
}

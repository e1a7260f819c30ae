/** Says in the words of a flow file what the schema found wrong, with the place and what was probably meant. */
import type { z } from "zod";
import { eventCatalogue } from "../event/event-catalogue.ts";
import { closest, type Report } from "./flow-problem.ts";
import { allowedKeys } from "./flow-schema.ts";
import { guardForms } from "./guards.ts";
import type { YamlPath, YamlSource } from "./read-yaml.ts";

type Issue = z.core.$ZodIssue;
/** A message, and what was probably meant. */
type Wording = [string, (string | undefined)?];
type Place = keyof typeof allowedKeys | "stateMap" | "events" | "timers" | "leaf";

export function reportShape(issues: Issue[], source: YamlSource, report: Report): void {
  for (const issue of issues.slice(0, 100).flatMap((each) => narrow(each, [])))
    reportIssue(issue, source, report);
}

function reportIssue(issue: Issue, source: YamlSource, report: Report): void {
  const last = String(issue.path.at(-1) ?? "");
  if (issue.code === "unrecognized_keys") {
    const allowed = keysOf(placeOf(issue.path));
    for (const key of issue.keys.slice(0, 100)) {
      report(
        source.keyAt([...issue.path, key]),
        `unknown key "${key}"; expected ${allowed.join(", ")}`,
        closest(key, allowed),
      );
    }
    return;
  }
  if (issue.code === "invalid_key") {
    const [message, suggestion] = wrongKey(placeOf(issue.path.slice(0, -1)), last, source.data, issue.path);
    report(source.keyAt(issue.path), message, suggestion);
    return;
  }
  const value = valueAt(source.data, issue.path);
  if (value === undefined) {
    report(source.valueAt(issue.path.slice(0, -1)), `"${last}" is missing`);
    return;
  }
  const [message, suggestion] = wrongValue(issue, last, value);
  report(source.valueAt(issue.path), message, suggestion);
}

function wrongKey(place: Place, key: string, data: unknown, path: YamlPath): Wording {
  if (place === "timers") {
    return [
      `"${key}" is no duration; expected such as 250ms, 10s, 5m, 2h, or until`,
      closest(key, ["until"]) ?? repairedDuration(key),
    ];
  }
  if (place === "events") {
    const value = valueAt(data, path);
    if (key === "memory" && typeof value === "string")
      return [`unknown event "memory"`, `"memory: ${value}": <state>`];
    return [`unknown event "${key}"`, closest(key, Object.keys(eventCatalogue))];
  }
  return [`"${key}" is no name of a state: letters, digits, _ and -, beginning with a letter, at most 80`];
}

function repairedDuration(text: string): string | undefined {
  const [, count, unit] = /^\s*(\d{1,9})\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const first = unit.slice(0, 1).toLowerCase();
  if (unit === "" || unit.toLowerCase().startsWith("mil")) return `${count}ms`;
  return "smhd".includes(first) ? `${count}${first}` : undefined;
}

function wrongValue(issue: Issue, last: string, value: unknown): Wording {
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String);
    const text = String(value);
    if (last === "guard") return [`unknown guard "${text}"`, closest(text, guardForms)];
    if (allowed.length > 10) return [`unknown event "${text}"`, closest(text, allowed)];
    return [`${last}: expected ${allowed.join(" or ")}, found ${shown(value)}`, closest(text, allowed)];
  }
  if (last === "backoff" && typeof value === "string") {
    return [`"${value}" is no duration; expected such as 250ms, 10s, 5m`, repairedDuration(value)];
  }
  if (issue.code === "invalid_type")
    return [`${last || "the file"}: expected ${noun(issue.expected)}, found ${shown(value)}`];
  if (issue.code === "invalid_union" && last === "emit") {
    return [`emit: expected an event or a list of events, found ${shown(value)}`];
  }
  if (issue.code === "invalid_union" && last === "version") {
    return [`version: expected a whole number or text, found ${shown(value)}`];
  }
  if (issue.code === "invalid_union") {
    return [
      `${last}: expected the name of a state, {target: ...}, or a list of these, found ${shown(value)}`,
    ];
  }
  return [`${last}: ${issue.message}`];
}

/** Of a union, the branch that the writer meant: the one that fails inside and not at its root. */
function narrow(issue: Issue, base: PropertyKey[]): Issue[] {
  const path = [...base, ...issue.path];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const meant = issue.errors.find((branch) => branch.length > 0 && !branch.some(failsAtRoot));
  return meant === undefined ? [{ ...issue, path }] : meant.flatMap((inner) => narrow(inner, path));
}

function failsAtRoot(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_union");
}

/** Which part of the language a path leads to; a state may have any name, also that of a key. */
function placeOf(path: YamlPath): Place {
  return path.reduce<Place>((place, step) => stepInto(place, String(step)), "flow");
}

function stepInto(place: Place, key: string): Place {
  if (place === "stateMap") return "state";
  if (place === "events" || place === "timers" || place === "transition") return "transition";
  if (key === "states") return "stateMap";
  if (key === "on") return "events";
  if (key === "after") return "timers";
  if (key === "onDone" || key === "onError" || key === "always") return "transition";
  if (key === "invoke" || key === "retry") return key;
  return "leaf";
}

function keysOf(place: Place): string[] {
  return place in allowedKeys ? allowedKeys[place as keyof typeof allowedKeys] : [];
}

function valueAt(data: unknown, path: YamlPath): unknown {
  let value = data;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
  return value;
}

function noun(expected: string): string {
  if (expected === "object" || expected === "record") return "a mapping";
  if (expected === "array") return "a list";
  if (expected === "string") return "text";
  if (expected === "int" || expected === "number") return "a whole number";
  return expected === "boolean" ? "true or false" : `a ${expected}`;
}

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? "a mapping"
    : `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value)}`;
}

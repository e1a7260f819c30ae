/** The tree of states as the file writes it, held to what each kind of state may have. */
import type { AgentManifest } from "../agent/manifest.ts";
import { parseDuration } from "./duration.ts";
import { childPath, type InvocationDefinition, type StateDefinition } from "./flow-definition.ts";
import { closest } from "./flow-problem.ts";
import type { FlowFile, StateFile } from "./flow-schema.ts";
import { type Reading, readTransitions } from "./read-transitions.ts";
import type { YamlPath } from "./read-yaml.ts";

interface StateReading extends Reading {
  agents: ReadonlyMap<string, AgentManifest>;
}

const deepest = 8;

export function readStates(file: FlowFile, reading: StateReading): StateDefinition {
  const { states, type, initial } = file;
  const root: StateFile = {
    states,
    ...(type === undefined ? {} : { type }),
    ...(initial === undefined ? {} : { initial }),
  };
  return readState(root, { key: "", path: "", at: [] }, reading);
}

interface Place {
  key: string;
  path: string;
  at: YamlPath;
}

function readState(file: StateFile, place: Place, reading: StateReading): StateDefinition {
  const position = reading.source.keyAt(place.at);
  reportMisplaced(file, place, reading);
  const invoke = readInvoke(file, place, reading);
  const initial = readInitial(file, place, reading);
  const emit = file.emit === undefined ? [] : [file.emit].flat();
  return {
    key: place.key,
    path: place.path,
    kind: kindOf(file),
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(initial === undefined ? {} : { initial }),
    states: readChildren(file, place, reading),
    transitions: readTransitions(file, place.at, reading),
    ...(invoke === undefined ? {} : { invoke }),
    emit: emit as StateDefinition["emit"],
    tags: file.tags ?? [],
    implicit: false,
    position,
  };
}

function kindOf(file: StateFile): StateDefinition["kind"] {
  if (file.type !== undefined) return file.type;
  return Object.keys(file.states ?? {}).length === 0 ? "atomic" : "compound";
}

function readChildren(file: StateFile, place: Place, reading: StateReading): StateDefinition[] {
  const depth = place.path === "" ? 0 : place.path.split(".").length;
  if (depth >= deepest && file.states !== undefined) {
    reading.report(reading.source.keyAt([...place.at, "states"]), `states stand at most ${deepest} deep`);
    return [];
  }
  return Object.entries(file.states ?? {}).map(([key, state]) =>
    readState(state, { key, path: childPath(place.path, key), at: [...place.at, "states", key] }, reading),
  );
}

function readInitial(file: StateFile, place: Place, reading: StateReading): string | undefined {
  const names = Object.keys(file.states ?? {});
  if (file.type !== undefined || names.length === 0) return undefined;
  const initial = file.initial ?? names[0] ?? "";
  if (!names.includes(initial)) {
    reading.report(
      reading.source.valueAt([...place.at, "initial"]),
      `initial: there is no state "${initial}" here`,
      closest(initial, names),
    );
  }
  return childPath(place.path, initial);
}

function readInvoke(file: StateFile, place: Place, reading: StateReading): InvocationDefinition | undefined {
  const invoke = file.invoke;
  if (invoke === undefined) return undefined;
  const { source, report } = reading;
  const at = [...place.at, "invoke"];
  if (invoke.flow !== undefined && invoke.agent === undefined) {
    for (const key of ["skill", "retry"] as const) {
      if (invoke[key] !== undefined)
        report(source.keyAt([...at, key]), `${key}: belongs to an agent, not to a flow`);
    }
    return { kind: "flow", flow: invoke.flow };
  }
  if (invoke.agent === undefined || invoke.flow !== undefined) {
    report(source.keyAt(at), "invoke names either an agent or a flow", "invoke: {agent: release-manager}");
    return undefined;
  }
  const agent = reading.agents.get(invoke.agent);
  if (agent === undefined) {
    const meant = closest(invoke.agent, reading.agents.keys());
    report(source.valueAt([...at, "agent"]), `unknown agent "${invoke.agent}"`, meant);
  } else if (invoke.skill !== undefined && !agent.skills.includes(invoke.skill)) {
    const message = `unknown skill "${invoke.skill}" of ${agent.agentId}; it has ${agent.skills.join(", ")}`;
    report(source.valueAt([...at, "skill"]), message, closest(invoke.skill, agent.skills));
  }
  return {
    kind: "agent",
    agentId: invoke.agent,
    skillId: invoke.skill ?? agent?.skills[0] ?? "",
    retry: { limit: invoke.retry?.limit ?? 0, backoffMs: parseDuration(invoke.retry?.backoff ?? "0ms") ?? 0 },
  };
}

/** Keys that the schema allows on some state, and this kind of state has no use for. */
function reportMisplaced(file: StateFile, place: Place, reading: StateReading): void {
  const refuse = (key: keyof StateFile, message: string, suggestion?: string) => {
    if (file[key] === undefined) return;
    reading.report(reading.source.keyAt([...place.at, key]), message, suggestion);
  };
  const inside = Object.keys(file.states ?? {}).length > 0;
  if (file.type === "final") {
    for (const key of ["on", "after", "always", "onDone", "onError"] as const) {
      refuse(key, `"${place.key}" is final and has no transitions; remove ${key} or type: final`);
    }
    for (const key of ["invoke", "states", "initial"] as const) {
      refuse(key, `"${place.key}" is final and cannot have ${key}`);
    }
    return;
  }
  if (file.type === "parallel") {
    refuse("initial", `"${place.key}" is parallel: all its states are entered, none is initial`);
  }
  if ((file.type === "parallel" && !inside) || (place.path === "" && !inside)) {
    reading.report(
      reading.source.keyAt([...place.at, "states"]),
      `"${place.key || "the flow"}" needs states`,
    );
  }
  if (!inside && file.type !== "parallel") {
    refuse("initial", `"${place.key}" has no states inside, so none is initial`);
    if (file.invoke === undefined)
      refuse("onDone", "onDone needs an invocation, or states inside that end", "always");
  }
  if (file.invoke === undefined) refuse("onError", "onError needs an invocation");
  if (inside) refuse("invoke", `"${place.key}" has states inside; let one of them invoke the agent`);
  for (const key of ["onDone", "onError"] as const) {
    if (file.invoke?.[key] !== undefined) refuse(key, `${key} stands beside invoke and inside it; keep one`);
  }
}
